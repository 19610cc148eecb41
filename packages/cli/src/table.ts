import { clean } from './output.ts';
import type { Output } from './terminal.ts';

type Row = readonly string[];

const indent = 2;
const laterIndent = 6;
const gap = 2;

/** Where a table has to fit. */
export interface Fitting {
  /** The width of the terminal; undefined where a row is one line, as long as it is. */
  readonly columns: number | undefined;
  /**
   * By the place of a column: the most characters that its cells keep in a terminal too narrow for the whole table. For
   * names; never for ids, which are there to be copied.
   */
  readonly widest?: Readonly<Record<number, number>>;
}

function widthsOf(rows: readonly Row[]): number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
}

function shortened(cell: string, most: number | undefined): string {
  const characters = [...cell];
  return most === undefined || characters.length <= most
    ? cell
    : `${characters.slice(0, most - 1).join('')}…`;
}

/** Columns by the line of the row that they stand on: whole ones, in their order. */
function columnsByLine(widths: readonly number[], room: number): number[][] {
  const lines: number[][] = [[]];
  let end = indent - gap;
  for (const [column, width] of widths.entries()) {
    const isFirst = column === 0;
    if (!isFirst && end + gap + width > room) {
      lines.push([column]);
      end = laterIndent + width;
    } else {
      lines.at(-1)?.push(column);
      end += gap + width;
    }
  }
  return lines;
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((end, width) => end + gap + width, indent - gap);
}

function rowText(row: Row, widths: readonly number[], lines: readonly (readonly number[])[]): string {
  const texts = lines.map((columns, line) => {
    const cells = columns.map((column) => (row[column] ?? '').padEnd(widths[column] ?? 0));
    return `${' '.repeat(line === 0 ? indent : laterIndent)}${cells.join(' '.repeat(gap))}`.trimEnd();
  });
  return texts.filter((text, line) => line === 0 || text !== '').join('\n');
}

/**
 * One text for each row, columns as wide as their widest cell. Where that is too wide for the terminal, names are
 * shortened, and columns that still do not fit stand below, further in; no cell is broken.
 */
export function tableLines(rows: readonly Row[], { columns, widest = {} }: Fitting): string[] {
  const whole = rows.map((row) => row.map(clean));
  const room = columns ?? Number.POSITIVE_INFINITY;
  const fits = totalOf(widthsOf(whole)) <= room;
  const fitted = fits
    ? whole
    : whole.map((row) => row.map((cell, column) => shortened(cell, widest[column])));
  const widths = widthsOf(fitted);
  const lines = columnsByLine(widths, room);
  return fitted.map((row) => rowText(row, widths, lines));
}

/** A table, as `tableLines` has it, fit for the stream that it is written to. */
export function writeTable(output: Output, rows: readonly Row[], widest: Fitting['widest'] = {}): void {
  for (const line of tableLines(rows, { columns: output.columns, widest })) output.line(line);
}
