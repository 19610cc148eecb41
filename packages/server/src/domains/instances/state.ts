import { LatchkeyError } from '@latchkey/protocol';
import type { InstanceRow } from './instances.sql.ts';

/** Throws `INSTANCE_INACTIVE` for an instance that was archived: nothing of it changes any more. */
export function refuseArchived({ archived_at }: InstanceRow): void {
  if (archived_at === null) return;
  const fill = { state: 'archived', advice: 'An archived instance does not come back; create another.' };
  throw new LatchkeyError('INSTANCE_INACTIVE', { fill });
}

/** The refusal of a change to what is so already. */
export function stateUnchanged(state: 'active' | 'paused' | 'archived'): LatchkeyError {
  return new LatchkeyError('INSTANCE_STATE_UNCHANGED', { fill: { state } });
}
