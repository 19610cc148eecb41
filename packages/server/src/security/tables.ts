import { sql } from 'kysely';
import type { Store } from '../storage/index.ts';

/** For tests: every row of every table as JSON text, sorted. */
export type Dump = Readonly<Record<string, readonly string[]>>;

/** Using a key moves these, also when the call is refused afterwards; and a key that a test itself mints and takes away is counted. */
const ignoredColumns = ['last_used_at', 'last_used_address', 'last_used_client', 'keys_minted'];

const tableNames = new WeakMap<Store, string[]>();

async function namesOf(store: Store): Promise<string[]> {
  const known = tableNames.get(store);
  if (known !== undefined) return known;
  const names = (await store.db.introspection.getTables()).map(({ name }) => name);
  if (names.length < 5) throw new Error('the tables were not found');
  tableNames.set(store, names);
  return names;
}

function rowText(row: Record<string, unknown>): string {
  return JSON.stringify(row, (name, value) => (ignoredColumns.includes(name) ? undefined : value));
}

async function rowsOneByOne({ db }: Store, names: readonly string[]): Promise<Dump> {
  const dump: Record<string, string[]> = {};
  for (const name of names) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db);
    dump[name] = rows.map(rowText).sort();
  }
  return dump;
}

/** One statement for all tables: of a server elsewhere, the way there and back is most of what a table costs. */
async function rowsAtOnce({ db }: Store, names: readonly string[]): Promise<Dump> {
  const ofTable = (name: string) =>
    sql`select ${sql.lit(name)} as name, (to_jsonb(t) - ${sql.lit(`{${ignoredColumns.join(',')}}`)}::text[])::text as row
      from ${sql.table(name)} as t`;
  const all = sql<{ name: string; row: string }>`${sql.join(names.map(ofTable), sql` union all `)}`;
  const dump: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const { name, row } of (await all.execute(db)).rows) dump[name]?.push(row);
  for (const rows of Object.values(dump)) rows.sort();
  return dump;
}

/** How processes stand to each other, which they write down in their own time. */
const standingTables = ['server_processes', 'revocation_confirmations'];

/** Reads the whole database but when keys were last used; leaves out the tables that are named. */
export async function dumpTables(store: Store, without: readonly string[] = []): Promise<Dump> {
  const names = (await namesOf(store)).filter((name) => ![...without, ...standingTables].includes(name));
  return store.capabilities.engine === 'postgres' ? rowsAtOnce(store, names) : rowsOneByOne(store, names);
}

const auditTables = ['audit_chains', 'audit_events', 'audit_checkpoints'];

/** What came of the uses of keys, which is written down a while later; a refusal is one. */
const activityTables = ['key_hours', 'organization_hours', 'key_refusals'];

/** What a refusal may change: it leaves an audit event, and those of strangers are counted, as are uses of keys. */
export async function dumpBesidesAudit(store: Store, without: readonly string[] = []): Promise<Dump> {
  const { limits, ...dump } = await dumpTables(store, [...without, ...auditTables, ...activityTables]);
  if (limits === undefined) return dump;
  return { ...dump, limits: limits.filter((row) => !row.includes('"audit-refusals ')) };
}

/** What operations change, each before what it points to. */
const changing = [
  'execution_documents',
  'executions',
  'webhook_messages',
  'webhook_deliveries',
  'signing_secrets',
  'workflows',
  'api_keys',
  'process_instances',
  'projects',
  'workspace_levels',
  'workspaces',
  'invitations',
  'memberships',
  'oauth_records',
  'limits',
] as const;

/** Rows as they were. */
export interface Kept {
  restore(): Promise<void>;
}

/** Remembers the rows that operations change. */
export async function keepTables(store: Store): Promise<Kept> {
  const rows = new Map<string, Record<string, unknown>[]>();
  for (const name of changing) rows.set(name, await store.db.selectFrom(name).selectAll().execute());
  return {
    restore: () =>
      store.write(async (trx) => {
        for (const name of changing) await sql`delete from ${sql.table(name)}`.execute(trx);
        for (const name of changing.toReversed()) {
          const kept = rows.get(name) ?? [];
          if (kept.length > 0)
            await trx
              .insertInto(name)
              .values(kept as never)
              .execute();
        }
      }),
  };
}
