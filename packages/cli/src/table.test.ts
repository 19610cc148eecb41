import { describe, expect, it } from 'vitest';
import { tableLines } from './table.ts';

const id = '019d312f-0000-7000-8000-00000000000a';
const head = ['Title', 'Status', 'Last Executed', 'Instance ID'];
const title = 'A title that is longer than any terminal of eighty columns has room for in one line';
const rows = [head, ['Orders', 'active', '2026-03-30 10:11', id], [title, 'paused', 'never', id]];

describe('tableLines', () => {
  it('keeps a row on one line, and every cell whole, where there is no terminal', () => {
    const lines = tableLines(rows, { columns: undefined, widest: { 0: 32 } });
    expect(lines.join('\n').split('\n')).toHaveLength(3);
    expect(lines[2]).toBe(`  ${title}  paused  never             ${id}`);
  });

  it('shortens nothing where the whole table fits', () => {
    const small = rows.slice(0, 2);
    expect(tableLines(small, { columns: 80, widest: { 0: 3 } })).toEqual(
      tableLines(small, { columns: undefined }),
    );
  });

  it('shortens names and puts whole columns below, further in, where it does not', () => {
    expect(tableLines(rows, { columns: 80, widest: { 0: 32 } })).toEqual([
      `  ${'Title'.padEnd(32)}  Status  Last Executed\n      Instance ID`,
      `  ${'Orders'.padEnd(32)}  active  2026-03-30 10:11\n      ${id}`,
      `  ${title.slice(0, 31)}…  paused  never\n      ${id}`,
    ]);
  });

  it.each([42, 60, 72, 80, 100, 120])('breaks no id over lines of %i columns', (columns) => {
    const lines = tableLines(rows, { columns, widest: { 0: 32 } }).flatMap((row) => row.split('\n'));
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.filter((line) => line.endsWith(id))).toHaveLength(2);
  });
});
