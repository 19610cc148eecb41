import type { KeyFamily } from '@latchkey/keys';
import type { Level, Scope } from '@latchkey/protocol';
import {
  CompiledQuery,
  type Expression,
  expressionBuilder,
  type Insertable,
  type Selectable,
  type SqlBool,
} from 'kysely';
import {
  type ApiKeysTable,
  decodeScopes,
  type Reader,
  type RestrictionColumns,
  type Tables,
  type Writer,
} from '../../storage/index.ts';

export type KeyRow = Selectable<ApiKeysTable>;

export async function findById(db: Reader, id: string): Promise<KeyRow | undefined> {
  return db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The organization that a key belongs to; null for a key of a person, and where there is no such key. */
export async function organizationOfKey(db: Reader, id: string): Promise<string | null> {
  const row = await db
    .selectFrom('api_keys')
    .select('organization_id')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.organization_id ?? null;
}

/** Has not ended, be it disabled or not. Evaluated where it is asked, so that no late sweeper keeps a key alive. */
export function isActive(now: number): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  return eb.and([
    eb('api_keys.revoked_at', 'is', null),
    eb.or([eb('api_keys.expires_at', 'is', null), eb('api_keys.expires_at', '>', now)]),
    eb.or([eb('api_keys.ends_at', 'is', null), eb('api_keys.ends_at', '>', now)]),
  ]);
}

/** Has not ended and is not disabled: what may be done by the key now, may be done. */
export function isUsable(now: number): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  return eb.and([isActive(now), eb('api_keys.disabled_at', 'is', null)]);
}

/** Behind a key in a list that has the newest first: by time, since ids do not tell two keys of one millisecond apart. */
export function isListedAfter(keyId: string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  const last = eb
    .selectFrom('api_keys as last')
    .select(['last.created_at', 'last.id'])
    .where('last.id', '=', keyId)
    .$asTuple('created_at', 'id');
  return eb(eb.refTuple('api_keys.created_at', 'api_keys.id'), '<', last);
}

/**
 * What a key that can be used now allows. In a transaction it is held: whoever revokes or narrows it waits until what
 * it was used for has happened.
 */
export async function liveScopes(db: Reader, id: string, now: number): Promise<Scope[] | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .select('scopes')
    .where('id', '=', id)
    .where(isUsable(now))
    .$if(db.isTransaction, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row && decodeScopes(row.scopes);
}

/** Whose active keys are counted together. */
export interface Bucket {
  readonly family: KeyFamily;
  readonly organizationId: string | null;
  readonly userId: string | null;
}

/**
 * Makes other mints of the bucket wait until this transaction ends, by moving its counter. The count that follows
 * must be a statement of its own: under READ COMMITTED one that had waited would still count what it saw before.
 */
export async function lockBucket(trx: Writer, bucket: Bucket): Promise<void> {
  if (bucket.organizationId !== null) {
    await trx
      .updateTable('organizations')
      .set((eb) => ({ keys_minted: eb('keys_minted', '+', 1) }))
      .where('id', '=', bucket.organizationId)
      .execute();
  } else if (bucket.userId !== null) {
    await trx
      .updateTable('users')
      .set((eb) => ({ keys_minted: eb('keys_minted', '+', 1) }))
      .where('id', '=', bucket.userId)
      .execute();
  }
}

/** Call `lockBucket` first. */
export async function countActive(trx: Writer, bucket: Bucket, now: number): Promise<number> {
  const row = await trx
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<number>().as('active'))
    .where('family', '=', bucket.family)
    .where((eb) =>
      bucket.organizationId === null
        ? eb('user_id', '=', bucket.userId)
        : eb('organization_id', '=', bucket.organizationId),
    )
    .where(isActive(now))
    .executeTakeFirstOrThrow();
  return Number(row.active);
}

export async function insertKey(trx: Writer, row: Insertable<ApiKeysTable>): Promise<void> {
  await trx.insertInto('api_keys').values(row).execute();
}

/** Inserts a key unless something that must be unique is taken already; says whether it did. */
export async function insertedKey(trx: Writer, row: Insertable<ApiKeysTable>): Promise<boolean> {
  const inserted = await trx
    .insertInto('api_keys')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/**
 * Holds rows of keys until the transaction ends: the caller's and the one that it changes, at once and in order of id,
 * so that two keys that change each other do not each wait for the other.
 */
export async function holdKeys(trx: Writer, ids: readonly (string | null)[]): Promise<void> {
  await trx
    .selectFrom('api_keys')
    .select('id')
    .where(
      'id',
      'in',
      ids.filter((id) => id !== null),
    )
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}

/** What `update` changes; only given fields are touched. */
export interface KeyChange extends Partial<RestrictionColumns> {
  readonly name?: string;
  readonly description?: string;
  readonly scopes?: string;
  /** Of environment keys; its scopes are to be changed with it. */
  readonly level?: Level;
  readonly rate_limit?: string | null;
}

/** Changes a key unless it was revoked meanwhile; the row after the change, or undefined. */
export async function changeKey(
  trx: Writer,
  id: string,
  change: KeyChange,
  now: number,
): Promise<KeyRow | undefined> {
  return trx
    .updateTable('api_keys')
    .set({ ...change, updated_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Revokes a key that has not been revoked or ended by its rotation yet; says whether this call did it. */
export async function markRevoked(trx: Writer, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('api_keys')
    .set({ revoked_at: now, updated_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', now)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Disables a key that has not ended, or enables it again; says whether this call did it. */
export async function markDisabled(
  trx: Writer,
  id: string,
  isDisabled: boolean,
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('api_keys')
    .set({ disabled_at: isDisabled ? now : null, updated_at: now })
    .where('id', '=', id)
    .where('disabled_at', isDisabled ? 'is' : 'is not', null)
    .where(isActive(now))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Revokes what is still active of a workspace or an instance, which the caller holds; answers their ids. */
export async function revokeAllOf(
  trx: Writer,
  column: 'workspace_id' | 'instance_id',
  id: string,
  now: number,
): Promise<string[]> {
  const rows = await trx
    .updateTable('api_keys')
    .set({ revoked_at: now, updated_at: now })
    .where(column, '=', id)
    .where(isActive(now))
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

/** The personal keys of somebody that have not ended. */
export async function personalKeysOf(db: Reader, userId: string, now: number): Promise<string[]> {
  const rows = await db
    .selectFrom('api_keys')
    .select('id')
    .where('family', '=', 'personal')
    .where('user_id', '=', userId)
    .where(isActive(now))
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * The organizations of somebody. Who makes them a member of another waits until the transaction ends: a membership
 * refers to the row of its user.
 */
export async function holdMembershipsOf(trx: Writer, userId: string): Promise<string[]> {
  await trx.selectFrom('users').select('id').where('id', '=', userId).forUpdate().execute();
  // A statement of its own: one that had waited for the row would not see what was committed meanwhile.
  const rows = await trx
    .selectFrom('memberships')
    .select('organization_id')
    .where('user_id', '=', userId)
    .execute();
  return rows.map((row) => row.organization_id);
}

export interface ListFilter {
  readonly organizationId: string;
  /** `now` to leave out what is revoked or expired; undefined for all. */
  readonly activeAt: number | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

/** Newest first, with the address of the person each key acts as. */
export async function listKeys(
  db: Reader,
  filter: ListFilter,
): Promise<(KeyRow & { email: string | null })[]> {
  const { activeAt, before } = filter;
  return db
    .selectFrom('api_keys')
    .leftJoin('users', 'users.id', 'api_keys.user_id')
    .selectAll('api_keys')
    .select('users.email as email')
    .where('api_keys.organization_id', '=', filter.organizationId)
    .where('api_keys.family', '=', 'organization')
    .$if(activeAt !== undefined, (query) => query.where(isActive(activeAt ?? 0)))
    .$if(before !== undefined, (query) => query.where(isListedAfter(before ?? '')))
    .orderBy('api_keys.created_at', 'desc')
    .orderBy('api_keys.id', 'desc')
    .limit(filter.limit)
    .execute();
}

/** An accepted use of a key. */
export interface Use {
  readonly at: number;
  /** Where it came from; undefined where whoever saw it does not know, so that what was known before stays. */
  readonly address?: string | null;
  readonly client?: string | null;
}

/** Moves last use forward, never back: several processes may report about one key. */
function moveForward(db: Reader, id: string, { at, address, client }: Use) {
  return db
    .updateTable('api_keys')
    .set({
      last_used_at: at,
      ...(address !== undefined && { last_used_address: address }),
      ...(client !== undefined && { last_used_client: client }),
    })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]));
}

/**
 * What writes a use down. The texts are made once, of those that say where they came from and of the others: to make one
 * takes several times as long as SQLite takes for the row.
 */
export function prepareRecordUse(db: Reader): (trx: Writer, id: string, use: Use) => Promise<void> {
  const plainText = moveForward(db, '', { at: 0 }).compile().sql;
  const wholeText = moveForward(db, '', { at: 0, address: null, client: null }).compile().sql;
  return async (trx, id, { at, address, client = null }) => {
    const query =
      address === undefined
        ? CompiledQuery.raw(plainText, [at, id, at])
        : CompiledQuery.raw(wholeText, [at, address, client, id, at]);
    await trx.executeQuery(query);
  };
}
