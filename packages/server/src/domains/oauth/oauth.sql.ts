import type { Selectable } from 'kysely';
import type { OauthRecordsTable, Reader, Writer } from '../../storage/index.ts';
import type { User } from '../accounts/index.ts';

export type OauthRecord = Selectable<OauthRecordsTable>;

/** A record as it is written; its life begins with the first write. */
export type RecordToKeep = Omit<OauthRecord, 'consumed_at' | 'polled_at'>;

/**
 * Inserts a record or replaces its content, and says whether it did. A device code is replaced only by one that has
 * come further: of two people who decide about it, one decides.
 */
export async function keepRecord(trx: Writer, record: RecordToKeep): Promise<boolean> {
  const { payload_sealed, grant_digest, secondary_digest, user_id, stage, expires_at } = record;
  const content = { payload_sealed, grant_digest, secondary_digest, user_id, stage, expires_at };
  const row = await trx
    .insertInto('oauth_records')
    .values(record)
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'digest'])
        .doUpdateSet(content)
        .where((eb) =>
          eb.or([
            eb('oauth_records.kind', '!=', 'DeviceCode'),
            eb('oauth_records.stage', '<', eb.ref('excluded.stage')),
          ]),
        ),
    )
    .returning('digest')
    .executeTakeFirst();
  return row !== undefined;
}

export async function findRecord(db: Reader, kind: string, digest: string): Promise<OauthRecord | undefined> {
  return db
    .selectFrom('oauth_records')
    .selectAll()
    .where('kind', '=', kind)
    .where('digest', '=', digest)
    .executeTakeFirst();
}

export async function findRecordBySecondary(
  db: Reader,
  kind: string,
  digest: string,
): Promise<OauthRecord | undefined> {
  return db
    .selectFrom('oauth_records')
    .selectAll()
    .where('kind', '=', kind)
    .where('secondary_digest', '=', digest)
    .executeTakeFirst();
}

/** Uses a record up; of any number of callers exactly one gets true. */
export async function consumeRecord(
  trx: Writer,
  kind: string,
  digest: string,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('oauth_records')
    .set({ consumed_at: now })
    .where('kind', '=', kind)
    .where('digest', '=', digest)
    .where('consumed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteRecord(trx: Writer, kind: string, digest: string): Promise<void> {
  await trx.deleteFrom('oauth_records').where('kind', '=', kind).where('digest', '=', digest).execute();
}

/**
 * Removes a grant with everything that belongs to it; whoever gets its own row removes the rest, and learns whose it
 * was. Take it in a transaction that holds none of the rest yet, or two could wait for each other.
 */
export async function deleteGrant(trx: Writer, grantDigest: string): Promise<User | undefined> {
  const grant = await trx
    .deleteFrom('oauth_records')
    .where('kind', '=', 'Grant')
    .where('digest', '=', grantDigest)
    .returning('user_id')
    .executeTakeFirst();
  if (grant === undefined) return undefined;
  await trx.deleteFrom('oauth_records').where('grant_digest', '=', grantDigest).execute();
  return findUserById(trx, grant.user_id ?? '');
}

/** Moves the end of a grant forward, never back. */
export async function extendGrant(trx: Writer, grantDigest: string, expiresAt: number): Promise<void> {
  await trx
    .updateTable('oauth_records')
    .set({ expires_at: expiresAt })
    .where('kind', '=', 'Grant')
    .where('digest', '=', grantDigest)
    .where('expires_at', '<', expiresAt)
    .execute();
}

/**
 * Counts a poll if the interval since the one counted before has passed, and says whether it has. One that came too
 * soon leaves the count where it was, so that waiting is what ends the wait.
 */
export async function countPoll(trx: Writer, digest: string, now: number, earlyMs: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('oauth_records')
    .set({ polled_at: now })
    .where('kind', '=', 'DeviceCode')
    .where('digest', '=', digest)
    .where((eb) =>
      eb.or([
        eb('polled_at', 'is', null),
        eb('polled_at', '>', now),
        eb(eb('polled_at', '+', eb.ref('poll_interval_ms')), '<=', now + earlyMs),
      ]),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Makes the interval of a device code longer. */
export async function lengthenPolling(
  trx: Writer,
  digest: string,
  byMs: number,
  maxMs: number,
): Promise<void> {
  await trx
    .updateTable('oauth_records')
    .set((eb) => ({ poll_interval_ms: eb('poll_interval_ms', '+', byMs) }))
    .where('kind', '=', 'DeviceCode')
    .where('digest', '=', digest)
    .where('poll_interval_ms', '<', maxMs)
    .execute();
}

/** What a presented access token stands for: itself, its grant and its person. */
export interface SessionRow {
  readonly payloadSealed: string;
  readonly tokenExpiresAt: number;
  readonly grantDigest: string;
  readonly signedInAt: number;
  readonly sessionExpiresAt: number;
  readonly userId: string;
  readonly email: string;
}

/** The session of an access token, by its digest; nothing once the token or the grant is gone. */
export async function findSession(db: Reader, tokenDigest: string): Promise<SessionRow | undefined> {
  return db
    .selectFrom('oauth_records as token')
    .innerJoin('oauth_records as session', (join) =>
      join.onRef('session.digest', '=', 'token.grant_digest').on('session.kind', '=', 'Grant'),
    )
    .innerJoin('users', 'users.id', 'session.user_id')
    .select([
      'token.payload_sealed as payloadSealed',
      'token.expires_at as tokenExpiresAt',
      'session.digest as grantDigest',
      'session.created_at as signedInAt',
      'session.expires_at as sessionExpiresAt',
      'users.id as userId',
      'users.email as email',
    ])
    .where('token.kind', '=', 'AccessToken')
    .where('token.digest', '=', tokenDigest)
    .executeTakeFirst();
}

/** The grants of a person that have not ended, newest first. */
export async function grantsOf(db: Reader, userId: string, now: number): Promise<OauthRecord[]> {
  return db
    .selectFrom('oauth_records')
    .selectAll()
    .where('kind', '=', 'Grant')
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('digest')
    .execute();
}

/** Whether a grant has neither ended nor been revoked. In a transaction it is held: whoever ends it waits. */
export async function isLiveGrant(db: Reader, grantDigest: string, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('oauth_records')
    .select('digest')
    .where('kind', '=', 'Grant')
    .where('digest', '=', grantDigest)
    .where('expires_at', '>', now)
    .$if(db.isTransaction, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row !== undefined;
}

export async function findUserById(db: Reader, id: string): Promise<User | undefined> {
  return db.selectFrom('users').select(['id', 'email']).where('id', '=', id).executeTakeFirst();
}

/** Removes what ended before an instant. */
export async function deleteRecordsEndedBefore(trx: Writer, before: number): Promise<void> {
  await trx.deleteFrom('oauth_records').where('expires_at', '<', before).execute();
}
