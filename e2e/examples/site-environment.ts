/** What a site is told. */
export interface SiteSettings {
  readonly apiKey: string;
  readonly instanceId: string;
  readonly workflowIds: string;
  readonly latchkeyUrl: string;
}

/** The variables of `.env.example`. */
export function siteEnvironment(settings: SiteSettings): Readonly<Record<string, string>> {
  return {
    LATCHKEY_API_KEY: settings.apiKey,
    PROCESS_INSTANCE_ID: settings.instanceId,
    WORKFLOW_IDS: settings.workflowIds,
    LATCHKEY_TRIGGER_BASE_URL: `${settings.latchkeyUrl}/webhook`,
    LATCHKEY_STATUS_BASE_URL: `${settings.latchkeyUrl}/status`,
  };
}
