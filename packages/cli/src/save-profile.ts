import { type Context, UsageError } from './command.ts';
import { ConfigFileError } from './config/file.ts';
import { type Config, type KeyProfile, type Profile, withActiveProfile } from './config/profile.ts';
import { isProfileName, loginName } from './config/profile-name.ts';
import { clean, mask, writeWarning } from './output.ts';

export type NameRule = (config: Config, profile: KeyProfile) => string;

/**
 * Refuses a profile name that could not be typed again.
 *
 * @throws {UsageError} naming the flag.
 */
export function checkProfileName(name: string | undefined, flag: string): void {
  if (name !== undefined && !isProfileName(name)) {
    throw new UsageError(
      `${flag} must be letters, digits, . _ and -, at most 100, and begin with a letter or digit.`,
    );
  }
}

/** Says that the environment goes before the profile that was made active. */
export function warnIfShadowed({ terminal }: Context, name: string): void {
  const { LATCHKEY_API_KEY: key, LATCHKEY_PROFILE: profile } = terminal.env;
  const variable = key ? 'LATCHKEY_API_KEY' : profile && profile !== name ? 'LATCHKEY_PROFILE' : undefined;
  if (variable === undefined) return;
  writeWarning(terminal.err, `${variable} is set and goes before the active profile.`);
}

/** Says which key a profile held before: no copy of it may be left, and it still opens the server. */
function warnOfReplaced(
  { terminal }: Context,
  name: string,
  before: Profile | undefined,
  now: KeyProfile,
): void {
  if (before === undefined || before.type === 'session' || before.apiKey === now.apiKey) return;
  const { keyPrefix = mask(before.apiKey), keyId } = before;
  const key = keyId === undefined ? keyPrefix : `${keyPrefix} (${keyId})`;
  const text = `Replaced the key ${key} of the profile "${name}". It stays valid until it is revoked.`;
  writeWarning(terminal.err, clean(text));
}

/** Saves a profile and makes it active; answers the name it got. A wanted name replaces what has it. */
export function saveProfile(
  context: Context,
  profile: KeyProfile,
  wanted: string | undefined,
  rule: NameRule,
): string {
  let name = '';
  let before: Profile | undefined;
  context.config.update((current) => {
    name = wanted ?? rule(current, profile);
    before = current.profiles.get(name);
    return withActiveProfile(current, name, profile);
  });
  warnOfReplaced(context, name, before, profile);
  warnIfShadowed(context, name);
  return name;
}

function trySaving(context: Context, save: () => string): string | undefined {
  try {
    return save();
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    writeWarning(context.terminal.err, `The key was created, but it could not be saved. ${error.message}`);
    return undefined;
  }
}

/**
 * Saves a key that a log-in minted and that nothing has printed: when it cannot be saved it is printed on
 * stderr, once, and undefined is answered.
 */
export function saveLoginKey(
  context: Context,
  profile: KeyProfile,
  wanted: string | undefined,
): string | undefined {
  const name = trySaving(context, () => saveProfile(context, profile, wanted, loginName));
  const { err } = context.terminal;
  if (name === undefined)
    err.line(`  Store this key now. It is not shown again:\n  ${clean(profile.apiKey)}`);
  return name;
}

/** Saves a key that the command prints in full; undefined when it cannot be saved, which is then said. */
export function savePrintedKey(
  context: Context,
  profile: KeyProfile,
  wanted: string | undefined,
  rule: NameRule,
): string | undefined {
  return trySaving(context, () => saveProfile(context, profile, wanted, rule));
}
