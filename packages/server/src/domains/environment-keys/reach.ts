import { isAtLeast, LatchkeyError, type Level } from '@latchkey/protocol';
import type { VerifiedRow } from '../keys/index.ts';
import { workspaceNotFound } from '../workspaces/index.ts';

/** Throws `KEY_SCOPE_INSUFFICIENT` unless an environment key has the level. */
export function requireLevel(key: VerifiedRow, level: Level): void {
  if (key.level === null || !isAtLeast(key.level, level)) {
    throw new LatchkeyError('KEY_SCOPE_INSUFFICIENT', { details: { level } });
  }
}

/** Another workspace than its own does not exist for a key that is restricted to one. */
export function requireReach(key: VerifiedRow, workspaceId: string, slug: string): void {
  if (key.workspace_id !== null && key.workspace_id !== workspaceId) throw workspaceNotFound(slug);
}
