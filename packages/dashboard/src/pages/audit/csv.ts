/** Spreadsheets take what begins so for a formula and run it; a quote before it makes it a text (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n＝＋－＠]/u;

function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Rows as CSV (RFC 4180) that spreadsheets open as texts: nothing in it is ever a formula. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  // The mark has spreadsheets read it as UTF-8.
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}
