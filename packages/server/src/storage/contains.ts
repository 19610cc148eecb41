import { type Expression, type SqlBool, sql } from 'kysely';

/**
 * Whether one of these columns holds a text, whatever the case of the letters a to z. Whatever was typed is looked for
 * as it is: the signs of patterns mean themselves.
 */
export function containsText(
  columns: readonly Expression<string | null>[],
  text: string,
): Expression<SqlBool> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  // The database lowers both: SQLite knows no capital letters but A to Z, and would find no Ü by ü.
  const found = columns.map((column) => sql<SqlBool>`lower(${column}) like lower(${pattern}) escape '\\'`);
  return sql<SqlBool>`(${sql.join(found, sql` or `)})`;
}
