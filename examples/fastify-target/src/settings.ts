/** What the target is told, from the environment. */
export interface Settings {
  /** As Latchkey names itself in what it signs, without a slash at the end. */
  readonly latchkeyUrl: string;
  /** `whsec_…` */
  readonly webhookSecret: string;
  /** Where Latchkey reaches this server: what a principal has to be meant for. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
}

function text(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set; see .env.example`);
  return value;
}

function url(env: NodeJS.ProcessEnv, name: string): string {
  const value = text(env, name);
  if (!URL.canParse(value)) throw new Error(`${name} is not a URL`);
  return value.replace(/\/+$/, '');
}

/** Throws with the name of a setting that is missing or wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return {
    latchkeyUrl: url(env, 'LATCHKEY_URL'),
    webhookSecret: text(env, 'TARGET_WEBHOOK_SECRET'),
    origin: new URL(url(env, 'TARGET_ORIGIN')).origin,
    host: env.HOST ?? '127.0.0.1',
    port: Number(env.PORT ?? 4800),
  };
}
