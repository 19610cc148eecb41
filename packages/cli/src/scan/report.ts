import { clean, paint, writeWarning } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import type { Omitted, PlacedFinding, Tally } from './tally.ts';
import type { Omission } from './walk.ts';

const pluralOf: Readonly<Record<Omission, string>> = {
  node_modules: 'node_modules',
  '.git/objects': '.git/objects',
  'symbolic link': 'symbolic links',
  'special file': 'special files',
  unreadable: 'unreadable',
};

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `path:line:column: family key prefix`, as compilers and `grep` write places. */
export function findingLine({ path, line, column, ...finding }: PlacedFinding): string {
  const { family, environment, keyPrefix, fingerprint } = finding;
  const kind = environment === null ? `${family} key` : `${family} key (${environment})`;
  const name = fingerprint === null ? keyPrefix : `${keyPrefix} ${fingerprint}`;
  return `${clean(path)}:${line}:${column}: ${kind} ${name}`;
}

function omissionLine(omitted: readonly Omitted[]): string {
  const counts = new Map<Omission, number>();
  for (const { reason } of omitted) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const texts = [...counts].map(([reason, count]) => counted(count, reason, pluralOf[reason]));
  return `Not searched: ${texts.join(', ')}.`;
}

function writeNextAction({ err }: Terminal): void {
  err.line('Whoever has seen a key can use it. Revoke it first, then take it out of the file:');
  err.line('  latchkey organization revoke-key --key-id <id>   or   latchkey key revoke <fingerprint>');
}

/** Says in words what a scan came to, and what to do now. */
export function writeSummary(terminal: Terminal, tally: Tally): void {
  const { err } = terminal;
  const { findings, keys, omitted, files, sizeBytes } = tally;
  const searched = `${counted(files, 'file')} (${(sizeBytes / 1e6).toFixed(1)} MB)`;
  for (const { path, problem } of omitted) {
    if (problem !== null) writeWarning(err, `Cannot read ${clean(path)}: ${problem}.`);
  }
  if (omitted.length > 0) err.line(omissionLine(omitted));
  if (findings.length === 0) {
    err.line(`No key in ${searched}.`);
    return;
  }
  const found = `${counted(keys.size, 'key')} in ${counted(findings.length, 'place')}`;
  err.line(`${paint(err, 'red', `✗ ${found}`)} of ${searched}.`);
  writeNextAction(terminal);
}
