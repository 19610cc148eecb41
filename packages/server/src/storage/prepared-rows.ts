import { CompiledQuery } from 'kysely';
import type { Writer } from './store.ts';

/** So many rows are in one statement at most. */
const maxRows = 20;

/**
 * Makes what writes many rows of one kind by few statements, since most of what one costs is not the row. The text for
 * each number of rows is made once, by `textFor`, whose parameters `parametersOf` gives row by row.
 */
export function prepareRows<Row>(
  textFor: (rows: number) => string,
  parametersOf: (row: Row) => readonly unknown[],
): (trx: Writer, rows: readonly Row[]) => Promise<void> {
  const texts = new Map<number, string>();
  function textOf(count: number): string {
    const text = texts.get(count) ?? textFor(count);
    texts.set(count, text);
    return text;
  }
  return async (trx, rows) => {
    for (let at = 0; at < rows.length; at += maxRows) {
      const together = rows.slice(at, at + maxRows);
      await trx.executeQuery(CompiledQuery.raw(textOf(together.length), together.flatMap(parametersOf)));
    }
  };
}
