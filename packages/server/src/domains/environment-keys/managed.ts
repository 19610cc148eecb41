import { LatchkeyError } from '@latchkey/protocol';
import type { Reader, Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { holdKeys, type KeyDeps, type Member, type Principal, requireMember } from '../keys/index.ts';
import type { Place } from '../workspaces/index.ts';
import { type KeyChangeName, requireManager } from './authority.ts';
import { stateOf } from './environment-keys.rules.ts';
import { type EnvironmentKey, findById } from './environment-keys.sql.ts';
import { requireKey } from './find.ts';

/** Which key somebody means: by fingerprint, handle or name. */
type Wanted = Place & { readonly key: string };

/** A key, and whoever may do something to it. */
export interface Managed {
  readonly member: Member;
  readonly key: EnvironmentKey;
}

/**
 * The key that a person means, which they may manage; whatever comes of it, the audit event is about that key. Throws what
 * `requireKey` does, and `NOT_KEY_MANAGER`.
 */
export async function requireManaged(
  deps: KeyDeps & Audited,
  db: Reader,
  principal: Principal,
  { organizationId, environment, key: wanted }: Wanted,
  action: KeyChangeName,
): Promise<Managed> {
  const now = deps.clock.now();
  const member = await requireMember(deps, db, principal, organizationId, now);
  const key = await requireKey(db, { organizationId, environment }, wanted, now);
  deps.audit.about({ id: key.id, workspace: key.workspace });
  requireManager(member, key, action);
  return { member, key };
}

/** The same, as the key is once it is held. It may have ended. */
export async function holdManaged(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  wanted: Wanted,
  action: KeyChangeName,
): Promise<Managed> {
  const { member, key } = await requireManaged(deps, trx, principal, wanted, action);
  await holdKeys(trx, [key.id]);
  return { member, key: (await findById(trx, wanted, key.id)) ?? key };
}

/** Throws `KEY_NOT_ACTIVE` for a key that has ended; one that is disabled or being rotated can be changed. */
export function refuseEnded(key: EnvironmentKey, now: number): void {
  const state = stateOf(key, now);
  if (state === 'revoked') throw new LatchkeyError('KEY_NOT_ACTIVE', { fill: { state } });
}
