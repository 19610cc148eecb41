import { isAtLeast, LatchkeyError, type Level, managesKeys } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import type { Member } from '../keys/index.ts';
import { grantedLevel, levelInWorkspace, levelTenantWide } from '../workspaces/index.ts';
import type { EnvironmentKey } from './environment-keys.sql.ts';

/** Delegate-down: throws `LEVEL_ESCALATION` unless the member has the level where the key will act. */
export async function refuseGreaterLevel(
  db: Reader,
  { role, userId }: Member,
  workspaceId: string | null,
  level: Level,
): Promise<void> {
  const held =
    workspaceId === null
      ? levelTenantWide(role)
      : levelInWorkspace(role, await grantedLevel(db, workspaceId, userId));
  if (!isAtLeast(held, level)) throw new LatchkeyError('LEVEL_ESCALATION');
}

/** What can be done to a key that there is, as a refusal calls it. */
export type KeyChangeName = 'rotate' | 'revoke' | 'disable' | 'enable' | 'update';

/** Throws `NOT_KEY_MANAGER` unless the member is an owner or admin, or has created the key. */
export function requireManager({ role, userId }: Member, key: EnvironmentKey, action: KeyChangeName): void {
  if (!managesKeys(role) && key.user_id !== userId) {
    throw new LatchkeyError('NOT_KEY_MANAGER', { fill: { action } });
  }
}
