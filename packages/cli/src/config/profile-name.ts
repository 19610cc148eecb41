import type { Config, Profile } from './profile.ts';

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

/** The name itself, or with `-2`, `-3`, … when a different key has it. */
export function freeName(config: Config, name: string, profile: Profile): string {
  const isFree = (candidate: string) => {
    const holder = config.profiles.get(candidate);
    return holder === undefined || holder.apiKey === profile.apiKey;
  };
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (isFree(candidate)) return candidate;
  }
}

/** The name that `create-key` saves under (the create-key page): `org-api-key-<slug of the key's name>`. */
export function createdKeyName(config: Config, profile: Profile): string {
  return freeName(config, `${fromCreateKey}${slug(profile.keyName ?? '')}`, profile);
}

function ownName({ type, organizationName, keyName, keyPrefix }: Profile): string {
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
export function loginName(config: Config, profile: Profile): string {
  const { organizationId, baseUrl } = profile;
  const renewed = [...config.profiles].find(
    ([name, other]) =>
      other.apiKey === profile.apiKey ||
      (organizationId !== undefined &&
        other.organizationId === organizationId &&
        other.baseUrl === baseUrl &&
        !name.startsWith(fromCreateKey)),
  );
  return renewed?.[0] ?? freeName(config, ownName(profile), profile);
}
