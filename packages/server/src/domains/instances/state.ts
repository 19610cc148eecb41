import { LatchkeyError } from '@latchkey/protocol';
import type { InstanceRow } from './instances.sql.ts';

/** Throws `INSTANCE_INACTIVE` for an instance that was archived: nothing of it changes any more. */
export function refuseArchived({ archived_at }: InstanceRow): void {
  if (archived_at === null) return;
  const fill = { state: 'archived', advice: 'An archived instance does not come back; create another.' };
  throw new LatchkeyError('INSTANCE_INACTIVE', { fill });
}

/**
 * Throws `INSTANCE_CHANGED` where an instance, which `holdInstance` has moved on by one revision, was at another than
 * the one at which it had been read; nothing where that is not said.
 */
export function refuseChanged({ revision }: InstanceRow, readAt: number | undefined): void {
  if (readAt !== undefined && revision !== readAt + 1) throw new LatchkeyError('INSTANCE_CHANGED');
}

/** The refusal of a change to what is so already. */
export function stateUnchanged(state: 'active' | 'paused' | 'archived'): LatchkeyError {
  return new LatchkeyError('INSTANCE_STATE_UNCHANGED', { fill: { state } });
}
