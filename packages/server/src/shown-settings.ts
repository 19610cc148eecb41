import type { ShownSetting } from './domains/organizations/index.ts';
import { describeSetting, type Settings, upstreamNames } from './settings.ts';

/** What is set, as far as it is no secret: of URLs that hold passwords, only the host. */
function shownValues(settings: Settings): Readonly<Record<ShownSetting['name'], string | null>> {
  const { publicUrl, databaseUrl, smtpUrl, upstream, triggerBodyLimitBytes } = settings;
  return {
    publicUrl: publicUrl ?? null,
    database: databaseUrl === undefined ? null : 'PostgreSQL',
    mail: smtpUrl === undefined ? null : new URL(smtpUrl).hostname,
    upstream: upstream === undefined ? null : new URL(upstream.issuer).host,
    triggerBodyLimitBytes: String(triggerBodyLimitBytes),
  };
}

/** What organizations are told of the settings of their server; `listening` is where it is reached if nothing says it. */
export function shownSettings(settings: Settings, listening: string): ShownSetting[] {
  const values = shownValues(settings);
  const shown = (
    name: ShownSetting['name'],
    otherwise: string,
    variable: Parameters<typeof describeSetting>[0],
    variables: readonly string[] = [variable],
  ): ShownSetting => ({
    name,
    value: values[name],
    otherwise,
    description: describeSetting(variable),
    variables: [...variables],
  });
  return [
    shown('publicUrl', `the address it listens on: ${listening}`, 'LATCHKEY_PUBLIC_URL'),
    shown('database', 'SQLite in the data folder', 'LATCHKEY_DATABASE_URL'),
    shown('mail', 'mail stays in a local mailbox on the machine of the server', 'LATCHKEY_SMTP_URL'),
    shown('upstream', 'emailed codes alone', 'LATCHKEY_UPSTREAM_ISSUER', upstreamNames),
    shown('triggerBodyLimitBytes', '1048576', 'LATCHKEY_TRIGGER_BODY_LIMIT_BYTES'),
  ];
}
