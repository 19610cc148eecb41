import type { Config, KeyProfile, Profile, Session, SessionProfile } from './profile.ts';

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function areTexts(record: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => isText(record[name]));
}

function mayBeTexts(record: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => record[name] === undefined || isText(record[name]));
}

const optionalOfKey = [
  'baseUrl',
  'organizationId',
  'organizationName',
  'keyId',
  'keyName',
  'keyPrefix',
  'createdAt',
  'expiresAt',
] as const satisfies readonly (keyof KeyProfile)[];

const optionalOfContext = [
  'organizationId',
  'organizationName',
  'role',
  'workspace',
] as const satisfies readonly (keyof SessionProfile)[];

function isKeyProfile(value: Record<string, unknown>): boolean {
  const { scopes } = value;
  const hasScopes = scopes === undefined || (Array.isArray(scopes) && scopes.every(isText));
  return hasScopes && areTexts(value, ['apiKey', 'type']) && mayBeTexts(value, optionalOfKey);
}

function isContext(value: Record<string, unknown>): boolean {
  return areTexts(value, ['baseUrl', 'email', 'environment']) && mayBeTexts(value, optionalOfContext);
}

function isProfile(value: unknown): value is Profile {
  if (!isRecord(value)) return false;
  return value.type === 'session' ? isContext(value) : isKeyProfile(value);
}

function isSession(value: unknown): value is Session {
  const hasTokens = isRecord(value) && areTexts(value, ['accessToken', 'refreshToken', 'expiresAt']);
  return hasTokens && mayBeTexts(value, ['profile']);
}

function mapOf<Value>(
  value: unknown,
  isValue: (each: unknown) => each is Value,
): Map<string, Value> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, Value] => isValue(entry[1])) ? new Map(entries) : undefined;
}

function configOf(parsed: unknown): Config | undefined {
  if (!isRecord(parsed)) return undefined;
  const activeProfile = parsed.activeProfile ?? null;
  const profiles = mapOf(parsed.profiles, isProfile);
  const sessions = mapOf(parsed.sessions ?? {}, isSession);
  if (activeProfile !== null && !isText(activeProfile)) return undefined;
  return profiles && sessions && { activeProfile, profiles, sessions };
}

/** What a file's text holds; undefined when it is not what this program writes. */
export function parseConfig(text: string): Config | undefined {
  try {
    return configOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The file's text for these profiles and sessions. */
export function formatConfig({ activeProfile, profiles, sessions }: Config): string {
  const signedIn = sessions.size === 0 ? {} : { sessions: Object.fromEntries(sessions) };
  const content = { activeProfile, profiles: Object.fromEntries(profiles), ...signedIn };
  return `${JSON.stringify(content, null, 2)}\n`;
}
