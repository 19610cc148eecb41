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
import { changeKey, changeKeys, type KeyDeps, type KeysChanged, type Principal } from '../keys/index.ts';
import { refuseGreaterLevel } from './authority.ts';
import type { EnvironmentKey } from './environment-keys.sql.ts';
import { holdManaged, refuseEnded } from './managed.ts';

type Update = Input<'environmentKeys.update'>;
type Updated = Output<'environmentKeys.update'>;

/** The key as it is once it is held. Only a level that is raised has to be the caller's to give. */
async function holdChangeable(
  deps: KeyDeps & Audited,
  trx: Writer,
  principal: Principal,
  input: Update,
): Promise<EnvironmentKey> {
  const { level } = input;
  const { member, key } = await holdManaged(deps, trx, principal, input, 'update');
  const isRaised = level !== undefined && !isAtLeast(key.level, level);
  if (isRaised) await refuseGreaterLevel(trx, member, key.workspace_id, level);
  refuseEnded(key, deps.clock.now());
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
  const key = await holdChangeable(deps, trx, principal, input);
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
