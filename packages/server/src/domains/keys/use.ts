import { LatchkeyError } from '@latchkey/protocol';
import type { Clock } from '../../platform/clock.ts';
import { type CountedKey, isRefusal, type KeyActivity } from '../key-activity/index.ts';
import type { AuthenticatedKey } from './authenticate.ts';
import type { Use } from './keys.sql.ts';
import type { LastUsed } from './last-used.ts';

/** What noting uses works with. */
export interface UseDeps {
  readonly clock: Clock;
  readonly lastUsed: Pick<LastUsed, 'touch'>;
  readonly keyActivity: Pick<KeyActivity, 'accept' | 'refuseRequest'>;
}

/** A key that a request was found to be good for. */
export interface UsedKey {
  readonly keyId: string;
  /** Of what it counts; none of an admin key. */
  readonly counted: CountedKey | undefined;
}

/** A key as that of whoever asks about others. */
export function askerOf({ row, asking }: Pick<AuthenticatedKey, 'row' | 'asking'>): UsedKey {
  return { keyId: row.id, counted: asking };
}

/** Where a use came from, where that is known. */
export type UseOrigin = Omit<Use, 'at'>;

/**
 * Notes a use of a key: a request by it that was accepted (contract/culvii.md, `last_used_at`). Here alone, so that when a key was
 * last used and how often never say two things. `now` in Unix milliseconds.
 */
export function noteUse(
  { lastUsed, keyActivity }: Pick<UseDeps, 'lastUsed' | 'keyActivity'>,
  { keyId, counted }: UsedKey,
  now: number,
  origin?: UseOrigin,
): void {
  lastUsed.touch(keyId, now, origin);
  if (counted !== undefined) keyActivity.accept(counted, now);
}

/**
 * Notes what was thrown at a request that a key was good for. It is no use: it is counted by itself, so that whoever looks for
 * those who still hold the key sees them. What refuses the key is left to `noteRefusal`; a failure of the server says
 * nothing of anybody.
 */
export function noteRefusedRequest(
  { keyActivity, clock }: UseDeps,
  { counted }: UsedKey,
  thrown: unknown,
): void {
  if (counted === undefined || !(thrown instanceof LatchkeyError) || thrown.status >= 500) return;
  if (!isRefusal(thrown)) keyActivity.refuseRequest(counted, clock.now());
}

/** Does what a key was found good for, and notes what came of it. */
export async function noting<Result>(
  deps: UseDeps,
  key: UsedKey,
  origin: UseOrigin | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work();
    noteUse(deps, key, deps.clock.now(), origin);
    return result;
  } catch (error) {
    noteRefusedRequest(deps, key, error);
    throw error;
  }
}
