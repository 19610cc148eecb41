import { isAtLeast, LatchkeyError, type Level } from '@latchkey/protocol';
import { refusalOf } from '../key-activity/index.ts';
import type { AuthenticatedKey, VerifiedRow } from '../keys/index.ts';
import { workspaceNotFound } from '../workspaces/index.ts';

/** Throws `KEY_SCOPE_INSUFFICIENT` unless an environment key has the level. */
export function requireLevel({ row, counted }: AuthenticatedKey, level: Level): void {
  if (row.level !== null && isAtLeast(row.level, level)) return;
  throw refusalOf(new LatchkeyError('KEY_SCOPE_INSUFFICIENT', { details: { level } }), counted);
}

/** Another workspace than its own does not exist for a key that is restricted to one. */
export function requireReach(key: VerifiedRow, workspaceId: string, slug: string): void {
  if (key.workspace_id !== null && key.workspace_id !== workspaceId) throw workspaceNotFound(slug);
}
