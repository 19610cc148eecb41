import type { Role } from '@latchkey/protocol';
import { type Selectable, sql } from 'kysely';
import type { ApiKeysTable, OtpChallengesTable, Store, Tables } from '../storage/index.ts';

/** Tests only: states that no operation makes yet, and rows as they are kept. Emails are given normalised. */

async function userId(store: Store, email: string): Promise<string> {
  const query = store.db.selectFrom('users').select('id').where('email', '=', email);
  return (await query.executeTakeFirstOrThrow()).id;
}

/** Makes a person who belongs to nothing. */
export async function addUser(store: Store, email: string): Promise<void> {
  const user = { id: `user-${email.replace(/[^a-z0-9]/g, '-')}`, email, created_at: 0, keys_minted: 0 };
  await store.write((trx) => trx.insertInto('users').values(user).execute());
}

/** Makes a person a member; they may be new. */
export async function addMember(store: Store, organizationId: string, email: string, role: Role) {
  const known = await store.db.selectFrom('users').select('id').where('email', '=', email).execute();
  if (known.length === 0) await addUser(store, email);
  const membership = {
    organization_id: organizationId,
    user_id: await userId(store, email),
    role,
    member_secret_sealed: 'sealed',
    created_at: 0,
  };
  await store.write((trx) => trx.insertInto('memberships').values(membership).execute());
}

/** Makes organizations that the person owns, `<name> 1` and on; answers their ids. */
export async function addOrganizations(store: Store, email: string, count: number, name = 'Owned') {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const ids = numbers.map((number) => `${name}-${number}-${email.replace(/[^a-z0-9]/g, '-')}`);
  const organizations = ids.map((id, index) => ({
    id,
    name: `${name} ${index + 1}`,
    description: '',
    size: null,
    logo_url: null,
    created_at: 0,
    keys_minted: 0,
  }));
  await store.write((trx) => trx.insertInto('organizations').values(organizations).execute());
  for (const id of ids) await addMember(store, id, email, 'owner');
  return ids;
}

export async function setRole(store: Store, organizationId: string, email: string, role: Role) {
  const id = await userId(store, email);
  await store.write((trx) =>
    trx
      .updateTable('memberships')
      .set({ role })
      .where('organization_id', '=', organizationId)
      .where('user_id', '=', id)
      .execute(),
  );
}

/** Takes a person out of an organization, or out of all. */
export async function removeMember(store: Store, email: string, organizationId?: string): Promise<void> {
  const id = await userId(store, email);
  await store.write((trx) =>
    trx
      .deleteFrom('memberships')
      .where('user_id', '=', id)
      .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId ?? ''))
      .execute(),
  );
}

export async function keyRow(store: Store, keyId: string): Promise<Selectable<ApiKeysTable>> {
  return store.db.selectFrom('api_keys').selectAll().where('id', '=', keyId).executeTakeFirstOrThrow();
}

export async function challengesOf(store: Store, email: string): Promise<Selectable<OtpChallengesTable>[]> {
  return store.db.selectFrom('otp_challenges').selectAll().where('email', '=', email).execute();
}

/** Every row of a table, as text: to look for what must not be in it. */
export async function tableText(store: Store, table: keyof Tables): Promise<string> {
  return JSON.stringify(await store.db.selectFrom(table).selectAll().execute());
}

export async function countRows(store: Store, table: keyof Tables): Promise<number> {
  return (await store.db.selectFrom(table).selectAll().execute()).length;
}

/** The organizations of a person and what they are there. */
export async function membershipsOf(store: Store, email: string) {
  return store.db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .selectAll('memberships')
    .where('users.email', '=', email)
    .execute();
}

export async function organizationRow(store: Store, id: string) {
  return store.db.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** Sets what a limit has counted, in a window that starts at `startedAt`. */
export async function setCount(
  store: Store,
  { name, windowMs }: { readonly name: string; readonly windowMs: number },
  count: number,
  startedAt: number,
): Promise<void> {
  const row = { name, count, started_at: startedAt, ends_at: startedAt + windowMs };
  await store.write(async (trx) => {
    await trx.deleteFrom('limits').where('name', '=', name).execute();
    await trx.insertInto('limits').values(row).execute();
  });
}

/** Sets that a rolling limit has counted so many, all at one instant. */
export async function setRollingCount(store: Store, name: string, count: number, at: number): Promise<void> {
  const row = { name, times: String(at).repeat(count), ends_at: at };
  await store.write(async (trx) => {
    await trx.deleteFrom('rolling_limits').where('name', '=', name).execute();
    await trx.insertInto('rolling_limits').values(row).execute();
  });
}

/** Resolves once somebody waits for a row that a transaction holds. With SQLite writers wait for their turn anyway. */
export async function untilAWriterWaits(store: Store): Promise<void> {
  if (store.capabilities.engine === 'sqlite') return;
  const waiting = sql`select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await waiting.execute(store.db)).rows.length === 0);
}
