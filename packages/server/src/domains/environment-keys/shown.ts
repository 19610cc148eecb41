import type { Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import { type KeyDeps, revokedAtOf, shownRestrictions, shownUse } from '../keys/index.ts';
import { stateOf } from './environment-keys.rules.ts';
import type { EnvironmentKey } from './environment-keys.sql.ts';

type Listed = Output<'environmentKeys.list'>['keys'][number];

/** A key as lists show it: nothing of its secret beyond the fingerprint. */
export function shownKey(deps: Pick<KeyDeps, 'lastUsed'>, key: EnvironmentKey, now: number): Listed {
  return {
    keyId: key.id,
    name: key.name,
    description: key.description,
    workspace: key.workspace,
    level: key.level,
    fingerprint: key.fingerprint,
    state: stateOf(key, now),
    createdAt: toIso(key.created_at),
    createdBy: key.creator_email,
    createdByDeparted: key.creator_role === null,
    rotatedFrom: key.predecessor_fingerprint,
    endsAt: isoOrNull(key.ends_at),
    revokedAt: isoOrNull(revokedAtOf(key, now)),
    disabledAt: isoOrNull(key.disabled_at),
    lastUsed: shownUse(deps, key),
    ...shownRestrictions(key),
  };
}
