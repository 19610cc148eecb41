import { sql } from 'kysely';
import type { Store } from '../storage/index.ts';

/** For tests: every row of every table as JSON text, sorted. */
export type Dump = Readonly<Record<string, readonly string[]>>;

/** Using a key moves this, also when the call is refused afterwards. */
const ignoredColumn = 'last_used_at';

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
  return JSON.stringify(row, (name, value) => (name === ignoredColumn ? undefined : value));
}

/** Reads the whole database but when keys were last used; leaves out the tables that are named. */
export async function dumpTables(store: Store, without: readonly string[] = []): Promise<Dump> {
  const dump: Record<string, string[]> = {};
  for (const name of await namesOf(store)) {
    if (without.includes(name)) continue;
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(store.db);
    dump[name] = rows.map(rowText).sort();
  }
  return dump;
}

const auditTables = ['audit_chains', 'audit_events', 'audit_checkpoints'];

/** What a refusal may change: it leaves an audit event, and those of strangers are counted. */
export async function dumpBesidesAudit(store: Store, without: readonly string[] = []): Promise<Dump> {
  const { limits, ...dump } = await dumpTables(store, [...without, ...auditTables]);
  if (limits === undefined) return dump;
  return { ...dump, limits: limits.filter((row) => !row.includes('"audit-refusals ')) };
}
