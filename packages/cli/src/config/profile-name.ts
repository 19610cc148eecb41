import type { Config, KeyProfile, SessionProfile } from './profile.ts';

const fromCreateKey = 'org-api-key-';

/** Lower-case words of `a-z0-9` joined by `-` (contract/codika.md G.4). */
export function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'default'
  );
}

/** Whether a person may give this name to a profile; it must be easy to type and to complete. */
export function isProfileName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name);
}

/** The name itself, or with `-2`, `-3`, … when something else has it. */
function firstFree(name: string, isFree: (candidate: string) => boolean): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (isFree(candidate)) return candidate;
  }
}

/** The name itself, or with `-2`, `-3`, … when a different key, or a context, has it. */
export function freeName(config: Config, name: string, { apiKey }: KeyProfile): string {
  return firstFree(name, (candidate) => {
    const holder = config.profiles.get(candidate);
    return holder === undefined || (holder.type !== 'session' && holder.apiKey === apiKey);
  });
}

/** The name that `create-key` saves under (the create-key page): `org-api-key-<slug of the key's name>`. */
export function createdKeyName(config: Config, profile: KeyProfile): string {
  return freeName(config, `${fromCreateKey}${slug(profile.keyName ?? '')}`, profile);
}

function ownName({ type, organizationName, keyName, keyPrefix }: KeyProfile): string {
  if (type === 'org-api-key' && organizationName !== undefined) return slug(organizationName);
  if (keyName !== undefined) return slug(keyName);
  return keyPrefix ?? 'default';
}

/**
 * The name that a log-in saves under: that of the same key, or of the log-in that it renews (same
 * organization on the same server), or one made of the organization's or the key's own name.
 *
 * Keys that `create-key` saved are never replaced: theirs may be the only copy.
 */
export function loginName(config: Config, profile: KeyProfile): string {
  const { organizationId, baseUrl } = profile;
  const renewed = [...config.profiles].find(
    ([name, other]) =>
      other.type !== 'session' &&
      (other.apiKey === profile.apiKey ||
        (organizationId !== undefined &&
          other.organizationId === organizationId &&
          other.baseUrl === baseUrl &&
          !name.startsWith(fromCreateKey))),
  );
  return renewed?.[0] ?? freeName(config, ownName(profile), profile);
}

/** The name of a context: that of the same organization on the same server, or one made of its name. */
export function contextName(config: Config, context: SessionProfile): string {
  const { organizationId, organizationName, baseUrl, email } = context;
  const isSame = (other: SessionProfile) =>
    other.baseUrl === baseUrl && other.organizationId === organizationId;
  const known = [...config.profiles].find(([, other]) => other.type === 'session' && isSame(other));
  if (known !== undefined) return known[0];
  return firstFree(slug(organizationName ?? email), (candidate) => !config.profiles.has(candidate));
}
