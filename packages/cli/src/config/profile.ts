/** The identities that a profile can hold; the wire's own names. */
export type ProfileType = 'org-api-key' | 'personal-api-key' | 'admin-api-key';

/** One saved key and the server that it belongs to. Instants are ISO text. */
export interface Profile {
  /** The secret. Never printed. */
  readonly apiKey: string;
  readonly type: ProfileType;
  /** Always saved, so that a key is never sent to another server than its own. */
  readonly baseUrl?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly organizationName?: string | undefined;
  readonly keyId?: string | undefined;
  readonly keyName?: string | undefined;
  readonly keyPrefix?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly createdAt?: string | undefined;
  readonly expiresAt?: string | undefined;
}

export interface Config {
  readonly activeProfile: string | null;
  readonly profiles: ReadonlyMap<string, Profile>;
}

export const emptyConfig: Config = { activeProfile: null, profiles: new Map() };

/** The active profile with its name; none when the active one is missing. */
export function activeProfile(config: Config): { name: string; profile: Profile } | undefined {
  const name = config.activeProfile;
  const profile = name === null ? undefined : config.profiles.get(name);
  return name === null || profile === undefined ? undefined : { name, profile };
}

/** The same with one profile added or replaced, and made active. */
export function withActiveProfile(config: Config, name: string, profile: Profile): Config {
  return { activeProfile: name, profiles: new Map(config.profiles).set(name, profile) };
}

/** The same without one profile; when it was the active one, the first that is left becomes active. */
export function withoutProfile(config: Config, name: string): Config {
  const profiles = new Map(config.profiles);
  profiles.delete(name);
  const isKept = config.activeProfile !== null && profiles.has(config.activeProfile);
  return { activeProfile: isKept ? config.activeProfile : ([...profiles.keys()][0] ?? null), profiles };
}

/** The identity that a raw key belongs to, as far as its prefix tells. */
export function profileTypeOf(apiKey: string): ProfileType {
  if (apiKey.startsWith('cka_')) return 'admin-api-key';
  return apiKey.startsWith('ckp_') ? 'personal-api-key' : 'org-api-key';
}
