import type { Output } from '@latchkey/protocol';
import type { Context } from '../command.ts';
import type { Environment, SessionProfile } from '../config/profile.ts';
import type { SessionIdentity } from '../identity.ts';
import { isMeant } from '../organization-choice.ts';
import { localDate, writeJson, writeLabels } from '../output.ts';
import { contextLabels } from './labels.ts';

type Me = Output<'sessions.me'>;

/** What overrides the context, this once. */
export interface Overrides {
  readonly organization: string | undefined;
  readonly env: Environment | undefined;
  readonly workspace: string | undefined;
}

/** How long ago, in the largest unit that fits. */
function ageText(sinceMs: number): string {
  const minutes = Math.max(0, Math.floor(sinceMs / 60_000));
  const hours = Math.floor(minutes / 60);
  const [count, unit] =
    hours >= 48 ? [Math.floor(hours / 24), 'day'] : hours >= 1 ? [hours, 'hour'] : [minutes, 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function organizationOf(me: Me, profile: SessionProfile | undefined, wanted: string | undefined) {
  const { organizations } = me;
  if (wanted !== undefined) return organizations.find((each) => isMeant(wanted, each));
  const [only] = organizations;
  if (profile?.organizationId === undefined && organizations.length === 1) return only;
  return organizations.find(({ id }) => id === profile?.organizationId);
}

/** Who is signed in, as the server says it, and where they work, as the context says it. */
export function writeSession(
  { terminal }: Context,
  me: Me,
  { chosen, source }: SessionIdentity,
  overrides: Overrides,
  json: boolean,
): number {
  const profile = chosen?.profile;
  const organization = organizationOf(me, profile, overrides.organization);
  const environment = overrides.env ?? profile?.environment ?? 'dev';
  const workspace =
    overrides.workspace ?? (environment === profile?.environment ? profile.workspace : undefined);
  const { id: organizationId, name: organizationName, role } = organization ?? {};
  const place = { organizationId, organizationName, role, environment, workspace };
  if (json) {
    const names = { profileName: chosen?.name ?? null, source };
    writeJson(terminal.out, { loggedIn: true, type: 'session', ...me, ...place, ...names });
    return 0;
  }
  const ageMs = terminal.now().getTime() - Date.parse(me.signedInAt);
  terminal.out.line('\nLogged in to Latchkey (session)\n');
  writeLabels(terminal.out, [
    ...contextLabels({ email: me.email, ...place }),
    ['Session', `${ageText(ageMs)} old, ends on ${localDate(me.expiresAt)} unless it is used`],
    ['Profile', chosen?.name],
  ]);
  terminal.out.line('');
  return 0;
}
