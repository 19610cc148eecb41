import {
  grantableBy,
  isAtLeast,
  isScope,
  type Level,
  levelOfRole,
  levels,
  managesKeys,
  organizationScopes,
  type Role,
  type Scope,
  scopesOfRole,
} from '@latchkey/protocol/permissions';
import { useAsked } from '../../api.ts';

/** What the signed-in person can give to keys; the server decides, this saves them a refusal. */
export interface Grants {
  /** Of the organization's keys; none for whoever may not manage them. */
  readonly organization: readonly Scope[];
  readonly personal: readonly Scope[];
  /** Without a workspace; in one it may be more. */
  readonly levels: readonly Level[];
}

/** The levels up to one, least first. */
export function levelsUpTo(level: Level): readonly Level[] {
  return levels.filter((each) => isAtLeast(level, each));
}

function grantsOf(role: Role, own: readonly string[]): Grants {
  const grantable = managesKeys(role) ? grantableBy(scopesOfRole(role)) : new Set<Scope>();
  return {
    organization: organizationScopes.filter((scope) => grantable.has(scope)),
    personal: own.filter(isScope),
    levels: levelsUpTo(levelOfRole(role)),
  };
}

/** What the signed-in person can give to keys here; `undefined` until it is known. */
export function useGrants(organizationId: string): Grants | undefined {
  const me = useAsked('sessions.me', {});
  const whoami = useAsked('keys.whoami', {});
  const role = me.data?.organizations.find(({ id }) => id === organizationId)?.role;
  return role && whoami.data && grantsOf(role, whoami.data.scopes);
}
