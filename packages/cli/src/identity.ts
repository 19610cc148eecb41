import { type Context, UsageError } from './command.ts';
import { type ChosenProfile, profileInUse, profileOfFlag } from './profile-choice.ts';
import { checkedSecret, secretOfFile, secretOfFlag } from './secret.ts';

export interface IdentityFlags {
  readonly 'api-key'?: string | undefined;
  readonly 'api-key-file'?: string | undefined;
  readonly profile?: string | undefined;
}

/** The key that a command acts with, and where it came from. */
export interface Identity {
  readonly apiKey: string;
  /** `flag (--api-key)`, `env (LATCHKEY_API_KEY)`, `profile "<name>"`. */
  readonly source: string;
  /** When the key came out of a profile. */
  readonly chosen: ChosenProfile | undefined;
}

/**
 * The key that `--api-key` or `--api-key-file` gives.
 *
 * @throws {UsageError} for both at once and for what is no key.
 */
export async function keyOfFlags(context: Context, flags: IdentityFlags): Promise<Identity | undefined> {
  const { 'api-key': key, 'api-key-file': file } = flags;
  if (key !== undefined && file !== undefined) {
    throw new UsageError('--api-key and --api-key-file cannot be given together.');
  }
  if (key !== undefined) {
    const apiKey = await secretOfFlag(context, '--api-key', key);
    return { apiKey, source: 'flag (--api-key)', chosen: undefined };
  }
  if (file === undefined) return undefined;
  const apiKey = await secretOfFile(context, '--api-key-file', file);
  return { apiKey, source: 'flag (--api-key-file)', chosen: undefined };
}

function ofProfile(chosen: ChosenProfile | undefined): Identity | undefined {
  if (chosen === undefined) return undefined;
  return { apiKey: chosen.profile.apiKey, source: `profile "${chosen.name}"`, chosen };
}

/**
 * The key in use: flag, then environment, then profile. A named `--profile` is a flag and so beats
 * `LATCHKEY_API_KEY`.
 */
export async function resolveIdentity(context: Context, flags: IdentityFlags): Promise<Identity | undefined> {
  const byFlag = (await keyOfFlags(context, flags)) ?? ofProfile(profileOfFlag(context, flags.profile));
  if (byFlag !== undefined) return byFlag;
  const fromEnv = context.terminal.env.LATCHKEY_API_KEY;
  if (!fromEnv) return ofProfile(profileInUse(context));
  const apiKey = checkedSecret(fromEnv, 'LATCHKEY_API_KEY');
  return { apiKey, source: 'env (LATCHKEY_API_KEY)', chosen: undefined };
}

/** As `resolveIdentity`, for commands that cannot do without a key. */
export async function requireIdentity(context: Context, flags: IdentityFlags): Promise<Identity> {
  const identity = await resolveIdentity(context, flags);
  if (identity !== undefined) return identity;
  throw new UsageError(
    'No API key. Run `latchkey login` or `latchkey auth login-request`, set LATCHKEY_API_KEY, or give --api-key.',
  );
}
