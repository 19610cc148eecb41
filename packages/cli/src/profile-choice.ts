import { type Context, UsageError } from './command.ts';
import { activeProfile, type Config, type Profile } from './config/profile.ts';
import { clean } from './output.ts';

export interface ChosenProfile {
  readonly name: string;
  readonly profile: Profile;
}

/** That no profile has this name, and which there are. */
export function unknownProfile(config: Config, name: string, where: string): UsageError {
  const names = [...config.profiles.keys()].map(clean);
  const known = names.length === 0 ? 'No profile is saved yet.' : `Known profiles: ${names.join(', ')}`;
  return new UsageError(`${where}There is no profile "${clean(name)}". ${known}`);
}

function named(config: Config, name: string, where: string): ChosenProfile {
  const profile = config.profiles.get(name);
  if (profile === undefined) throw unknownProfile(config, name, where);
  return { name, profile };
}

/**
 * The profile that `--profile` names.
 *
 * @throws {UsageError} when it names none.
 */
export function profileOfFlag({ config }: Context, name: string | undefined): ChosenProfile | undefined {
  return name === undefined ? undefined : named(config.read(), name, '--profile: ');
}

/**
 * The profile in use where no flag names one: that of `LATCHKEY_PROFILE`, else the active one.
 *
 * @throws {UsageError} when the variable names none.
 */
export function profileInUse({ config, terminal }: Context): ChosenProfile | undefined {
  const fromEnv = terminal.env.LATCHKEY_PROFILE;
  if (!fromEnv) return activeProfile(config.read());
  return named(config.read(), fromEnv, 'LATCHKEY_PROFILE: ');
}
