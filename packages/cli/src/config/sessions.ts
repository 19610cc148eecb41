import type { Config, Session, SessionProfile } from './profile.ts';
import { withoutProfile } from './profile.ts';

/** The contexts of one server with their names, in the order in which they were added. */
export function contextsOf(config: Config, baseUrl: string): [name: string, profile: SessionProfile][] {
  return [...config.profiles].filter(
    (entry): entry is [string, SessionProfile] => entry[1].type === 'session' && entry[1].baseUrl === baseUrl,
  );
}

/** The same with the tokens of one server added or replaced. */
export function withSession(config: Config, baseUrl: string, session: Session): Config {
  return { ...config, sessions: new Map(config.sessions).set(baseUrl, session) };
}

/** The same without the tokens of one server; its contexts stay. */
export function withoutSession(config: Config, baseUrl: string): Config {
  const sessions = new Map(config.sessions);
  sessions.delete(baseUrl);
  return { ...config, sessions };
}

/** The same without the tokens and the contexts of one server. */
export function withoutSignIn(config: Config, baseUrl: string): Config {
  const names = contextsOf(config, baseUrl).map(([name]) => name);
  return names.reduce(withoutProfile, withoutSession(config, baseUrl));
}
