/** The identities that a saved key can have; the wire's own names. */
export type KeyType = 'org-api-key' | 'personal-api-key' | 'admin-api-key';

/** One saved key and the server that it belongs to. Instants are ISO text. */
export interface KeyProfile {
  readonly type: KeyType;
  /** The secret. Never printed. */
  readonly apiKey: string;
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

/** The places that keys and workspaces belong to; the server's own names. */
export type Environment = 'dev' | 'sandbox' | 'prod';

/** Where a signed-in person works: a context. It holds no secret; the session of its server does. */
export interface SessionProfile {
  readonly type: 'session';
  readonly baseUrl: string;
  readonly email: string;
  /** Missing for somebody who belongs to no organization. */
  readonly organizationId?: string | undefined;
  readonly organizationName?: string | undefined;
  readonly role?: string | undefined;
  readonly environment: Environment;
  /** Slug. */
  readonly workspace?: string | undefined;
}

export type Profile = KeyProfile | SessionProfile;

/** The tokens of a person who is signed in at one server. Never printed, and sent to that server alone. */
export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends; the session itself goes on. */
  readonly expiresAt: string;
  /** The context that was used with it last. */
  readonly profile?: string | undefined;
}

export interface Config {
  readonly activeProfile: string | null;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** By base URL. */
  readonly sessions: ReadonlyMap<string, Session>;
}

export const emptyConfig: Config = { activeProfile: null, profiles: new Map(), sessions: new Map() };

/** The active profile with its name; none when the active one is missing. */
export function activeProfile(config: Config): { name: string; profile: Profile } | undefined {
  const name = config.activeProfile;
  const profile = name === null ? undefined : config.profiles.get(name);
  return name === null || profile === undefined ? undefined : { name, profile };
}

/** The same with one profile added or replaced, and made active. */
export function withActiveProfile(config: Config, name: string, profile: Profile): Config {
  const changed = { ...config, profiles: new Map(config.profiles).set(name, profile) };
  return switchedTo(changed, name);
}

/** The same with another profile active; the session of a context remembers it. */
export function switchedTo(config: Config, name: string): Config {
  const profile = config.profiles.get(name);
  const session = profile?.type === 'session' ? config.sessions.get(profile.baseUrl) : undefined;
  if (profile?.type !== 'session' || session === undefined) return { ...config, activeProfile: name };
  const sessions = new Map(config.sessions).set(profile.baseUrl, { ...session, profile: name });
  return { ...config, activeProfile: name, sessions };
}

/** The same without one profile; when it was the active one, the first that is left becomes active. */
export function withoutProfile(config: Config, name: string): Config {
  const profiles = new Map(config.profiles);
  profiles.delete(name);
  const isKept = config.activeProfile !== null && profiles.has(config.activeProfile);
  const activeProfile = isKept ? config.activeProfile : ([...profiles.keys()][0] ?? null);
  return { ...config, activeProfile, profiles };
}

/** The same with another name for one profile, which replaces what has that name. */
export function renamed(config: Config, name: string, wanted: string): Config {
  const profile = config.profiles.get(name);
  if (profile === undefined || name === wanted) return config;
  return { ...config, profiles: new Map(withoutProfile(config, name).profiles).set(wanted, profile) };
}

/** The identity that a raw key belongs to, as far as its prefix tells. */
export function profileTypeOf(apiKey: string): KeyType {
  if (apiKey.startsWith('cka_')) return 'admin-api-key';
  return apiKey.startsWith('ckp_') ? 'personal-api-key' : 'org-api-key';
}
