import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ControlledTransaction, type Kysely, sql } from 'kysely';
import type { Store, Writer } from './store.ts';
import type { Tables } from './tables.ts';

/** Bounds how long the first of a group waits for the last. */
const maxGroupSize = 64;

interface Waiting {
  readonly work: (trx: Writer) => Promise<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** Runs one piece of work so that, if it throws, nothing of it stays and the others are not touched. */
async function runInSavepoint(trx: ControlledTransaction<Tables>, { work }: Waiting): Promise<Outcome> {
  await sql`savepoint work`.execute(trx);
  let outcome: Outcome;
  try {
    outcome = { result: await work(trx) };
  } catch (error) {
    await sql`rollback to savepoint work`.execute(trx);
    outcome = { error };
  }
  await sql`release savepoint work`.execute(trx);
  return outcome;
}

/** Runs a group in its transaction; answers what each came to, after the commit. */
async function runGroup(trx: ControlledTransaction<Tables>, group: readonly Waiting[]): Promise<Outcome[]> {
  try {
    const outcomes: Outcome[] = [];
    for (const waiting of group) outcomes.push(await runInSavepoint(trx, waiting));
    await trx.commit().execute();
    return outcomes;
  } catch (error) {
    // Where SQLite has already rolled back by itself, as when the disk is full, this has nothing left to do.
    await trx
      .rollback()
      .execute()
      .catch(() => {});
    throw error;
  }
}

/** Nobody hears of an outcome before the commit, since even a refusal may rest on what another of the group wrote. */
async function settle(trx: ControlledTransaction<Tables>, group: readonly Waiting[]): Promise<void> {
  try {
    const outcomes = await runGroup(trx, group);
    for (const [index, outcome] of outcomes.entries()) {
      if ('error' in outcome) group[index]?.reject(outcome.error);
      else group[index]?.resolve(outcome.result);
    }
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

/**
 * A `Store.write` for one writing connection: whatever asks to write within one turn of the event loop goes into one
 * transaction, so that it is the number of commits, each of which waits for the disk, that stays small.
 */
export function createGroupCommit(writer: Kysely<Tables>): Store['write'] {
  const queue: Waiting[] = [];
  let running = false;
  async function run(): Promise<void> {
    running = true;
    while (queue.length > 0) {
      // SQLite answers at once, so without a turn of the event loop no other request would have been read by now.
      await nextTurn();
      try {
        const trx = await writer.startTransaction().execute();
        await settle(trx, queue.splice(0, maxGroupSize));
      } catch (error) {
        // Whatever keeps a transaction from beginning keeps all of them from it.
        for (const { reject } of queue.splice(0)) reject(error);
      }
    }
    running = false;
  }
  return <Result>(work: (trx: Writer) => Promise<Result>) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ work, resolve: resolve as Waiting['resolve'], reject });
      if (!running) void run();
    });
}
