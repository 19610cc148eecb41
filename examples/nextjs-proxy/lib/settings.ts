import 'server-only';

/** What the server is told; `server-only` keeps it from scripts of the browser. */
export interface Settings {
  /** The key of the instance, `ck_…`. */
  readonly apiKey: string;
  readonly instanceId: string;
  /** The workflows that visitors of the page may start. */
  readonly workflowIds: readonly string[];
  /** `https://<latchkey>/webhook` */
  readonly triggerBaseUrl: string;
  /** `https://<latchkey>/status` */
  readonly statusBaseUrl: string;
}

function text(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; see .env.example`);
  return value;
}

function baseUrl(name: string): string {
  const value = text(name);
  if (!URL.canParse(value)) throw new Error(`${name} is not a URL`);
  return value.replace(/\/+$/, '');
}

/** Reads the environment; throws with the name of a setting that is missing or wrong. */
export function readSettings(): Settings {
  return {
    apiKey: text('LATCHKEY_API_KEY'),
    instanceId: text('PROCESS_INSTANCE_ID'),
    workflowIds: text('WORKFLOW_IDS')
      .split(',')
      .map((id) => id.trim()),
    triggerBaseUrl: baseUrl('LATCHKEY_TRIGGER_BASE_URL'),
    statusBaseUrl: baseUrl('LATCHKEY_STATUS_BASE_URL'),
  };
}
