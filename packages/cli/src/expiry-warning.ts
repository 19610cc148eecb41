import type { Context } from './command.ts';
import { activeProfile, type Config, type Profile } from './config/profile.ts';
import { clean, localDate, writeWarning } from './output.ts';

const dayMs = 24 * 60 * 60 * 1000;
const warnFromDays = 7;

/** The state of a key's expiry in words; undefined while it is more than 7 days off (contract/codika.md G.8). */
export function expiryText(name: string, profile: Profile, now: Date): string | undefined {
  if (profile.type === 'session' || profile.expiresAt === undefined) return undefined;
  const { expiresAt } = profile;
  const days = Math.ceil((Date.parse(expiresAt) - now.getTime()) / dayMs);
  if (days > warnFromDays || Number.isNaN(days)) return undefined;
  const key = `API key "${clean(name)}"`;
  if (days <= 0) return `${key} expired on ${localDate(expiresAt)}.`;
  return `${key} expires in ${days} ${days === 1 ? 'day' : 'days'}.`;
}

function readQuietly({ config }: Context): Config | undefined {
  try {
    return config.read();
  } catch {
    return undefined;
  }
}

/** Warns on stderr about the active profile. What is wrong with the file is for the command itself to say. */
export function warnOfExpiry(context: Context): void {
  const config = readQuietly(context);
  const active = config === undefined ? undefined : activeProfile(config);
  if (active === undefined) return;
  const text = expiryText(active.name, active.profile, context.terminal.now());
  if (text === undefined) return;
  const advice = 'Get a new one: `latchkey login` or `latchkey auth login-request --email <email>`.';
  writeWarning(context.terminal.err, `${text} ${advice}`);
}
