import type { Output } from '@latchkey/protocol';
import { type Config, type SessionProfile, withoutProfile } from './config/profile.ts';
import { contextName } from './config/profile-name.ts';
import { contextsOf } from './config/sessions.ts';

type Me = Output<'sessions.me'>;

/** The context of one organization, or of none; environment and workspace stay as they were. */
function contextOf(
  { email }: Me,
  organization: Me['organizations'][number] | undefined,
  baseUrl: string,
  earlier: SessionProfile | undefined,
): SessionProfile {
  const { environment = 'dev', workspace } = earlier ?? {};
  const { id: organizationId, name: organizationName, role } = organization ?? {};
  return { type: 'session', baseUrl, email, organizationId, organizationName, role, environment, workspace };
}

/** The same with one context for each organization of a person, and no other at that server. */
export function withContexts(config: Config, baseUrl: string, me: Me): Config {
  const earlier = contextsOf(config, baseUrl);
  const wanted = me.organizations.length === 0 ? [undefined] : me.organizations;
  const profiles = new Map(config.profiles);
  for (const organization of wanted) {
    const same = earlier.find(([, { organizationId }]) => organizationId === organization?.id);
    const profile = contextOf(me, organization, baseUrl, same?.[1]);
    profiles.set(contextName({ ...config, profiles }, profile), profile);
  }
  const ids = new Set(wanted.map((each) => each?.id));
  const gone = earlier.filter(([, { organizationId }]) => !ids.has(organizationId));
  return gone.map(([name]) => name).reduce(withoutProfile, { ...config, profiles });
}

/** The context that has this name; it was found there before. */
export function contextNamed(config: Config, name: string): SessionProfile {
  const profile = config.profiles.get(name);
  if (profile?.type !== 'session') throw new Error(`The profile "${name}" was changed meanwhile.`);
  return profile;
}
