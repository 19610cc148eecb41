import type { Reader, Writer } from '../../storage/index.ts';
import type { OtherProcess, Position, Standing } from './revocation.rules.ts';

/** Moves the counter, whose new position gets this mark; answers the one before. Whoever does so holds it until they commit. */
export async function moveCounter(trx: Writer, mark: string): Promise<Position> {
  const moved = await trx
    .updateTable('revocation_counter')
    .set((eb) => ({ seq: eb('seq', '+', 1), previous_mark: eb.ref('mark'), mark }))
    .where('id', '=', 1)
    .returning(['seq', 'previous_mark'])
    .executeTakeFirstOrThrow();
  return { seq: moved.seq - 1, mark: moved.previous_mark };
}

/** Says that a process may have leases from now on, and that it knows nothing of before. */
export async function registerProcess(trx: Writer, id: string, now: number): Promise<void> {
  await trx
    .insertInto('server_processes')
    .columns(['id', 'registered_seq', 'registered_at'])
    .expression((eb) =>
      eb
        .selectFrom('revocation_counter')
        .select([eb.val(id).as('id'), 'seq', eb.lit(now).as('registered_at')])
        .where('revocation_counter.id', '=', 1),
    )
    .execute();
}

export async function deleteProcess(trx: Writer, id: string): Promise<void> {
  await trx.deleteFrom('server_processes').where('id', '=', id).execute();
}

/** The counter and whether a process is registered, as of one instant. */
export async function readStanding(db: Reader, id: string): Promise<Standing> {
  const { process, ...position } = await db
    .selectFrom('revocation_counter')
    .leftJoin('server_processes as own', (join) => join.on('own.id', '=', id))
    .select(['revocation_counter.seq', 'revocation_counter.mark', 'own.id as process'])
    .where('revocation_counter.id', '=', 1)
    .executeTakeFirstOrThrow();
  return { ...position, isRegistered: process !== null };
}

/** Holds a process, so that it is not struck off until the transaction ends; false where it has been. */
export async function holdProcess(trx: Writer, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('server_processes')
    .select('id')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

/** What a process says of a change. */
export interface Confirmation extends Position {
  /** JSON of the holders. */
  readonly holders: string;
  /** null = it has seen the change, no more. */
  readonly confirmedAt: number | null;
  /** It has forgotten everything that is older than the change, and so all changes before it are over too. */
  readonly isOfAll: boolean;
}

/** Writes down what a process says, which the caller holds. What was confirmed stays confirmed. */
export async function putConfirmation(
  trx: Writer,
  processId: string,
  { seq, holders, confirmedAt, isOfAll }: Confirmation,
): Promise<void> {
  await trx
    .insertInto('revocation_confirmations')
    .values({ seq, process_id: processId, holders, confirmed_at: confirmedAt })
    .onConflict((conflict) =>
      confirmedAt === null
        ? conflict.doNothing()
        : conflict.columns(['seq', 'process_id']).doUpdateSet({ holders, confirmed_at: confirmedAt }),
    )
    .execute();
  if (!isOfAll || confirmedAt === null) return;
  await trx
    .updateTable('server_processes')
    .set({ registered_seq: seq })
    .where('id', '=', processId)
    .where('registered_seq', '<', seq)
    .execute();
}

/** Another process with what it has said of a change. */
export interface FoundProcess extends OtherProcess {
  readonly id: string;
  /** JSON of its holders, once it has confirmed. */
  readonly holders: string | null;
  readonly confirmedAt: number | null;
}

function processesWith(db: Reader, seq: number | undefined, comparison: '=' | '>=' = '=') {
  return db
    .selectFrom('server_processes')
    .leftJoin('revocation_confirmations as said', (join) =>
      seq === undefined
        ? join
            .onRef('said.process_id', '=', 'server_processes.id')
            .onRef('said.seq', '=', 'server_processes.registered_seq')
        : join.onRef('said.process_id', '=', 'server_processes.id').on('said.seq', comparison, seq),
    )
    .select([
      'server_processes.id',
      'server_processes.registered_seq',
      'said.seq as said_seq',
      'said.holders',
      'said.confirmed_at',
    ]);
}

type ProcessRow = Awaited<ReturnType<ReturnType<typeof processesWith>['execute']>>[number];

function found({ id, registered_seq, said_seq, holders, confirmed_at }: ProcessRow): FoundProcess {
  const seenOrMore = confirmed_at === null ? 'seen' : 'confirmed';
  const said = said_seq === null ? undefined : seenOrMore;
  return { id, registeredSeq: registered_seq, said, holders, confirmedAt: confirmed_at };
}

/** All processes, with what each has said of a change. */
export async function findProcesses(db: Reader, seq: number): Promise<FoundProcess[]> {
  return (await processesWith(db, seq).execute()).map(found);
}

/** A process with what it said when it forgot everything. */
export async function findForgetful(db: Reader, id: string): Promise<FoundProcess | undefined> {
  const row = await processesWith(db, undefined).where('server_processes.id', '=', id).executeTakeFirst();
  return row && found(row);
}

/**
 * A process with what it has said of a change or of a later one, since whoever missed some speaks of the last only; held,
 * so that it says no more until the transaction ends.
 */
export async function holdOther(trx: Writer, id: string, seq: number): Promise<FoundProcess | undefined> {
  if (!(await holdProcess(trx, id))) return undefined;
  // A statement of its own: one that had waited for the row would not see what was said meanwhile.
  const row = await processesWith(trx, seq, '>=').where('server_processes.id', '=', id).executeTakeFirst();
  return row && found(row);
}

export async function readCounter(db: Reader): Promise<Position> {
  return db
    .selectFrom('revocation_counter')
    .select(['seq', 'mark'])
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
}

/** Deletes what was said of changes up to one that was settled long ago. */
export async function deleteConfirmations(trx: Writer, upToSeq: number): Promise<void> {
  await trx.deleteFrom('revocation_confirmations').where('seq', '<=', upToSeq).execute();
}
