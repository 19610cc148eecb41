import type { Output } from '@latchkey/protocol';
import type { Writer } from '../../storage/index.ts';
import type { Position } from './revocation.rules.ts';
import type { Verifiers } from './verifiers.ts';

/** Proof that nobody accepts a key from memory any more. */
export type Receipt = NonNullable<Output<'keys.revoke'>['receipt']>;

/** Whom a receipt names. */
export type Holder = Receipt['holders'][number];

/** A key that something was taken away from. */
export interface ChangedKey {
  readonly keyId: string;
  /** Whose verifiers may know it; null where none does. What several may know stands in a change once for each. */
  readonly organizationId: string | null;
}

/** A change as it was committed. */
export interface Change extends Position {
  /** The mark of the one before. */
  readonly after: string;
  readonly keys: readonly ChangedKey[];
}

/** Says which remembered keys are to be forgotten; `all` where changes were missed. */
export type Forget = (keyIds: readonly string[] | 'all') => void;

/** What lets this process answer from memory, and what ends that everywhere (docs/revocation.md). */
export interface Revocations {
  /**
   * Numbers a change, as the last statement of the transaction that makes it: the counter's row is held until the
   * commit, so that numbers are in the order of the commits.
   */
  invalidate(trx: Writer, keys: readonly ChangedKey[]): Promise<Change>;
  /**
   * After the commit: resolves when every process and every verifier has forgotten the keys, or may not answer from
   * memory any more. No acceptance that begins after this has resolved rests on what the change took away.
   */
  settle(change: Change): Promise<Receipt>;
  /** Whether what is remembered may be answered now. Called for each verification. */
  isLeased(): boolean;
  /** Takes or renews the lease of this process; false where it cannot be had now. */
  lease(): Promise<boolean>;
  /** The number up to which all changes are applied here. What is read at a lower one must not be remembered. */
  applied(): number;
  /** `forget` is called for each change before it is confirmed to anybody. */
  onChange(forget: Forget): void;
  /** The verifiers elsewhere that rely on the lease of this process. */
  readonly verifiers: Verifiers;
  /** Stops answering from memory, waits for those who rely on it, and gives the lease back. */
  close(): Promise<void>;
}
