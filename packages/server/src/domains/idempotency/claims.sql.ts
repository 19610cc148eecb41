import type { Selectable } from 'kysely';
import type { IdempotencyClaimsTable, Reader, Writer } from '../../storage/index.ts';

export type ClaimRow = Selectable<IdempotencyClaimsTable>;

/** Names a request: an `Idempotency-Key`, of one credential. */
export interface ClaimName {
  readonly credential: string;
  readonly keyDigest: string;
}

/** What was done under a name, unless that was too long ago. */
export async function findClaim(
  db: Reader,
  { credential, keyDigest }: ClaimName,
  now: number,
): Promise<ClaimRow | undefined> {
  return db
    .selectFrom('idempotency_claims')
    .selectAll()
    .where('credential', '=', credential)
    .where('key_digest', '=', keyDigest)
    .where('ends_at', '>', now)
    .executeTakeFirst();
}

/**
 * Takes a name for a call, unless another call has it; says whether it is this call's now. On PostgreSQL whoever comes
 * second waits until the first has committed or not.
 */
export async function takeClaim(trx: Writer, row: ClaimRow, now: number): Promise<boolean> {
  const taken = await trx
    .insertInto('idempotency_claims')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['credential', 'key_digest'])
        .doUpdateSet((eb) => ({
          call_id: eb.ref('excluded.call_id'),
          request_digest: eb.ref('excluded.request_digest'),
          action: eb.ref('excluded.action'),
          resource: eb.ref('excluded.resource'),
          answer_sealed: eb.ref('excluded.answer_sealed'),
          ends_at: eb.ref('excluded.ends_at'),
        }))
        // Its own, where a call records several changes; else one that has ended.
        .where((eb) =>
          eb.or([
            eb('idempotency_claims.call_id', '=', row.call_id),
            eb('idempotency_claims.ends_at', '<=', now),
          ]),
        ),
    )
    .returning('call_id')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Keeps what a call was answered. */
export async function keepAnswer(trx: Writer, callId: string, answerSealed: string): Promise<void> {
  await trx
    .updateTable('idempotency_claims')
    .set({ answer_sealed: answerSealed })
    .where('call_id', '=', callId)
    .execute();
}

/** Gives the name back, in the transaction that takes back what was done under it. */
export async function dropClaim(trx: Writer, callId: string): Promise<void> {
  await trx.deleteFrom('idempotency_claims').where('call_id', '=', callId).execute();
}

/** Removes what was done too long ago to be repeated. */
export async function deleteEndedClaims(trx: Writer, now: number): Promise<void> {
  await trx.deleteFrom('idempotency_claims').where('ends_at', '<=', now).execute();
}
