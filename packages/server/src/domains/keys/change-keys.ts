import type { Writer } from '../../storage/index.ts';
import type { ChangedKey, Receipt } from '../revocation/index.ts';
import type { KeyDeps } from './deps.ts';

/** What a transaction answers, and which keys are no longer what somebody may remember of them. */
export interface KeysChanged<Answer> {
  readonly answer: Answer;
  readonly changed: readonly ChangedKey[];
}

/** What came of it; no receipt where no key was changed. */
export interface Settled<Answer> {
  readonly answer: Answer;
  readonly receipt?: Receipt;
}

/**
 * Runs a transaction that changes keys. Once this resolves, nobody answers from memory by what they were. A caller who
 * finds the change made already says so too: their answer must not come before that of whoever made it is in force.
 */
export async function changeKeys<Answer>(
  { store, revocations }: Pick<KeyDeps, 'store' | 'revocations'>,
  work: (trx: Writer) => Promise<KeysChanged<Answer>>,
): Promise<Settled<Answer>> {
  const { answer, change } = await store.write(async (trx) => {
    const { answer, changed } = await work(trx);
    // Last of all: whoever moves the counter holds it until they commit.
    return { answer, change: changed.length > 0 ? await revocations.invalidate(trx, changed) : undefined };
  });
  return change === undefined ? { answer } : { answer, receipt: await revocations.settle(change) };
}
