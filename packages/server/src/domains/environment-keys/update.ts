import {
  type Input,
  isAtLeast,
  LatchkeyError,
  type Level,
  type Output,
  scopesOfLevel,
} from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import { encodeScopes, type Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import {
  changeKey,
  changeKeys,
  holdKeys,
  type KeyDeps,
  type KeysChanged,
  type Principal,
  requireMember,
} from '../keys/index.ts';
import { refuseGreaterLevel, requireManager } from './authority.ts';
import { stateOf } from './environment-keys.rules.ts';
import { type EnvironmentKey, findById } from './environment-keys.sql.ts';
import { requireKey } from './find.ts';

type Update = Input<'environmentKeys.update'>;
type Updated = Output<'environmentKeys.update'>;

/** The key as it is once it is held. Only a level that is raised has to be the caller's to give. */
async function requireChangeable(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  { organizationId, environment, key: wanted, level }: Update,
): Promise<EnvironmentKey> {
  const place = { organizationId, environment };
  const now = deps.clock.now();
  const member = await requireMember(deps, trx, principal, organizationId, now);
  const found = await requireKey(trx, place, wanted, now);
  deps.audit.about({ id: found.id, workspace: found.workspace });
  requireManager(member, found, 'update');
  await holdKeys(trx, [found.id]);
  const key = (await findById(trx, place, found.id)) ?? found;
  const isRaised = level !== undefined && !isAtLeast(key.level, level);
  if (isRaised) await refuseGreaterLevel(trx, member, key.workspace_id, level);
  const state = stateOf(key, now);
  if (state === 'revoked') throw new LatchkeyError('KEY_NOT_ACTIVE', { fill: { state } });
  return key;
}

function columnsFrom({ name, description, level }: Update) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(level !== undefined && { level, scopes: encodeScopes(scopesOfLevel(level)) }),
  };
}

function changedIn({ name, description, level }: Update): string {
  const given = Object.entries({ name, description, level }).filter(([, value]) => value !== undefined);
  return given.map(([field]) => field).join(' ');
}

async function change(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  input: Update,
): Promise<KeysChanged<Updated>> {
  const key = await requireChangeable(deps, trx, principal, input);
  const { id: keyId, fingerprint } = key;
  const { organizationId } = input;
  const row = await changeKey(trx, keyId, columnsFrom(input), deps.clock.now());
  if (row === undefined) throw new Error('a key that is held has not ended');
  const { name, description } = row;
  const level: Level = input.level ?? key.level;
  const details = { changed: changedIn(input), name, level, fingerprint };
  await deps.audit.record(trx, { organizationId, id: keyId, details });
  const updatedAt = toIso(row.updated_at);
  return {
    answer: { keyId, name, description, level, fingerprint, updatedAt },
    changed: [{ keyId, organizationId }],
  };
}

/**
 * Renames an environment key, describes it otherwise, or gives it another level. Once this resolves, nobody accepts it at
 * the level that it had.
 */
export async function updateEnvironmentKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Update,
): Promise<Updated> {
  if (changedIn(input) === '') {
    const problem = 'give at least one of name, description, level.';
    throw new LatchkeyError('INVALID_REQUEST', { details: { problem } });
  }
  const { answer, receipt } = await changeKeys(deps, (trx) => change(deps, trx, principal, input));
  return { ...answer, ...(receipt && { receipt }) };
}
