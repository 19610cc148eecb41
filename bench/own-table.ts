import Sqlite from 'better-sqlite3';

/** A database of its own with one of Latchkey's tables and the indexes of it, written as Latchkey writes. */
export function openOwnTable(latchkeyFile: string, ownFile: string, table: string): Sqlite.Database {
  const database = new Sqlite(ownFile);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = OFF');
  const latchkey = new Sqlite(latchkeyFile, { readonly: true });
  const definitions = latchkey
    .prepare('select sql from sqlite_master where tbl_name = ? and sql is not null order by type desc')
    .pluck()
    .all(table) as string[];
  latchkey.close();
  for (const definition of definitions) database.exec(definition);
  return database;
}
