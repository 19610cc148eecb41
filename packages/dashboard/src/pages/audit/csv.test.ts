import { describe, expect, it } from 'vitest';
import { csvOf } from './csv.ts';

describe('a table for spreadsheets', () => {
  it('keeps commas, quotes and lines within their cells', () => {
    expect(csvOf([['a,b', 'say "x"', 'one\ntwo']])).toBe('\uFEFF"a,b","say ""x""","one\ntwo"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1'])('runs no formula: %j', (text) => {
    expect(csvOf([[text]])).toBe(`\uFEFF"'${text}"\r\n`);
  });
});
