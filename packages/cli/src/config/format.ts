import type { Config, Profile } from './profile.ts';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const optionalTexts = [
  'baseUrl',
  'organizationId',
  'organizationName',
  'keyId',
  'keyName',
  'keyPrefix',
  'createdAt',
  'expiresAt',
] as const satisfies readonly (keyof Profile)[];

function isProfile(value: unknown): value is Profile {
  if (!isRecord(value) || !isText(value.apiKey) || !isText(value.type)) return false;
  const { scopes } = value;
  const hasScopes = scopes === undefined || (Array.isArray(scopes) && scopes.every(isText));
  return hasScopes && optionalTexts.every((name) => value[name] === undefined || isText(value[name]));
}

function configOf(parsed: unknown): Config | undefined {
  if (!isRecord(parsed) || !isRecord(parsed.profiles)) return undefined;
  const active = parsed.activeProfile ?? null;
  const entries = Object.entries(parsed.profiles);
  if (active !== null && !isText(active)) return undefined;
  if (!entries.every((entry): entry is [string, Profile] => isProfile(entry[1]))) return undefined;
  return { activeProfile: active, profiles: new Map(entries) };
}

/** The profiles that a file's text holds; undefined when it is not what this program writes. */
export function parseConfig(text: string): Config | undefined {
  try {
    return configOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The file's text for these profiles. */
export function formatConfig({ activeProfile, profiles }: Config): string {
  return `${JSON.stringify({ activeProfile, profiles: Object.fromEntries(profiles) }, null, 2)}\n`;
}
