import type { Selectable } from 'kysely';
import type { OtpChallengesTable, Reader, Writer } from '../../storage/index.ts';

export type Challenge = Selectable<OtpChallengesTable>;
export type Purpose = Challenge['purpose'];

/** The challenge that counts for an address: the newest. */
export async function findNewest(db: Reader, email: string): Promise<Challenge | undefined> {
  return db
    .selectFrom('otp_challenges')
    .selectAll()
    .where('email', '=', email)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Keeps a new challenge; answers the ids of those that it replaces once it is delivered. */
export async function insertChallenge(trx: Writer, challenge: Challenge): Promise<string[]> {
  const earlier = await trx
    .selectFrom('otp_challenges')
    .select('id')
    .where('email', '=', challenge.email)
    .execute();
  await trx.insertInto('otp_challenges').values(challenge).execute();
  return earlier.map(({ id }) => id);
}

export async function deleteChallenge(trx: Writer, id: string): Promise<void> {
  await trx.deleteFrom('otp_challenges').where('id', '=', id).execute();
}

/** Forgets what a delivered newer code has replaced. */
export async function deleteReplaced(trx: Writer, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await trx.deleteFrom('otp_challenges').where('id', 'in', ids).execute();
}

/** Takes one attempt, if one is left and the code is unused; answers how many remain then. */
export async function takeAttempt(trx: Writer, id: string): Promise<number | undefined> {
  const row = await trx
    .updateTable('otp_challenges')
    .set((eb) => ({ attempts_remaining: eb('attempts_remaining', '-', 1) }))
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('attempts_remaining', '>', 0)
    .returning('attempts_remaining')
    .executeTakeFirst();
  return row?.attempts_remaining;
}

/** Uses a code up, if it is still good; says whether this call did it. */
export async function markUsed(trx: Writer, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('otp_challenges')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('attempts_remaining', '>', 0)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Removes challenges that ended before an instant. */
export async function deleteEndedBefore(trx: Writer, before: number): Promise<void> {
  await trx.deleteFrom('otp_challenges').where('expires_at', '<', before).execute();
}
