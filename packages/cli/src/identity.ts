import { type Context, UsageError } from './command.ts';
import type { Config, KeyProfile, Profile, SessionProfile } from './config/profile.ts';
import { type ChosenProfile, profileInUse, profileOfFlag } from './profile-choice.ts';
import { checkedSecret, secretOfFile, secretOfFlag } from './secret.ts';

export interface IdentityFlags {
  readonly 'api-key'?: string | undefined;
  readonly 'api-key-file'?: string | undefined;
  readonly profile?: string | undefined;
}

/** A profile of one kind with its name. */
export interface Chosen<P extends Profile> {
  readonly name: string;
  readonly profile: P;
}

/** The key that a command acts with, and where it came from. */
export interface KeyIdentity {
  readonly kind: 'key';
  readonly apiKey: string;
  /** `flag (--api-key)`, `env (LATCHKEY_API_KEY)`, `profile "<name>"`. */
  readonly source: string;
  /** When the key came out of a profile. */
  readonly chosen: Chosen<KeyProfile> | undefined;
}

/** The session that a command acts with. Whether it is still there is not known yet. */
export interface SessionIdentity {
  readonly kind: 'session';
  /** The server that the person signed in at. */
  readonly baseUrl: string;
  readonly source: string;
  /** The context, where there is one. */
  readonly chosen: Chosen<SessionProfile> | undefined;
}

export type Identity = KeyIdentity | SessionIdentity;

/** What a raw key is for, as far as its prefix tells. */
export function keyUseOf(apiKey: string): 'management' | 'instance' | 'environment' {
  if (/^ck_(dev|sandbox|live)_/.test(apiKey)) return 'environment';
  return apiKey.startsWith('ck_') ? 'instance' : 'management';
}

/**
 * The key that `--api-key` or `--api-key-file` gives.
 *
 * @throws {UsageError} for both at once and for what is no key.
 */
export async function keyOfFlags(context: Context, flags: IdentityFlags): Promise<KeyIdentity | undefined> {
  const { 'api-key': key, 'api-key-file': file } = flags;
  if (key !== undefined && file !== undefined) {
    throw new UsageError('--api-key and --api-key-file cannot be given together.');
  }
  if (key !== undefined) {
    const apiKey = await secretOfFlag(context, '--api-key', key);
    return { kind: 'key', apiKey, source: 'flag (--api-key)', chosen: undefined };
  }
  if (file === undefined) return undefined;
  const apiKey = await secretOfFile(context, '--api-key-file', file);
  return { kind: 'key', apiKey, source: 'flag (--api-key-file)', chosen: undefined };
}

function ofProfile(chosen: ChosenProfile | undefined): Identity | undefined {
  if (chosen === undefined) return undefined;
  const { name, profile } = chosen;
  const source = `profile "${name}"`;
  if (profile.type === 'session') {
    return { kind: 'session', baseUrl: profile.baseUrl, source, chosen: { name, profile } };
  }
  return { kind: 'key', apiKey: profile.apiKey, source, chosen: { name, profile } };
}

function keyOfEnvironment({ terminal }: Context): KeyIdentity | undefined {
  const fromEnv = terminal.env.LATCHKEY_API_KEY;
  if (!fromEnv) return undefined;
  const apiKey = checkedSecret(fromEnv, 'LATCHKEY_API_KEY');
  return { kind: 'key', apiKey, source: 'env (LATCHKEY_API_KEY)', chosen: undefined };
}

async function identityOfFlags(context: Context, flags: IdentityFlags): Promise<Identity | undefined> {
  return (await keyOfFlags(context, flags)) ?? ofProfile(profileOfFlag(context, flags.profile));
}

/**
 * The key or session in use: flag, then environment, then profile. A named `--profile` is a flag and so beats
 * `LATCHKEY_API_KEY`.
 */
export async function resolveIdentity(context: Context, flags: IdentityFlags): Promise<Identity | undefined> {
  const byFlag = await identityOfFlags(context, flags);
  return byFlag ?? keyOfEnvironment(context) ?? ofProfile(profileInUse(context));
}

/** As `resolveIdentity`, for commands that cannot do without one. */
export async function requireIdentity(context: Context, flags: IdentityFlags): Promise<Identity> {
  const identity = await resolveIdentity(context, flags);
  if (identity !== undefined) return identity;
  throw new UsageError(
    'No API key. Run `latchkey login` or `latchkey auth login-request`, set LATCHKEY_API_KEY, or give --api-key.',
  );
}

/** The session of a server with the context that was used with it last. */
function sessionAt(config: Config, baseUrl: string): SessionIdentity | undefined {
  const session = config.sessions.get(baseUrl);
  if (session === undefined) return undefined;
  const name = session.profile;
  const profile = name === undefined ? undefined : config.profiles.get(name);
  const source = `session at ${baseUrl}`;
  const chosen = name !== undefined && profile?.type === 'session' ? { name, profile } : undefined;
  return { kind: 'session', baseUrl, source, chosen };
}

/**
 * As `resolveIdentity`, for what only a signed-in person can do: the session of the server goes before keys that no
 * flag names, which the server would refuse (contract/culvii.md F.1).
 */
export async function resolveSession(
  context: Context,
  flags: IdentityFlags,
  baseUrl: string,
): Promise<Identity | undefined> {
  const byFlag = await identityOfFlags(context, flags);
  if (byFlag !== undefined) return byFlag;
  const inUse = ofProfile(profileInUse(context));
  if (inUse?.kind === 'session') return inUse;
  return sessionAt(context.config.read(), baseUrl) ?? keyOfEnvironment(context) ?? inUse;
}
