import { clean, paint, writeWarning } from '../output.ts';
import type { Terminal } from '../terminal.ts';
import type { Reported } from './report-keys.ts';
import type { Omitted, PlacedFinding, Tally } from './tally.ts';
import type { Omission } from './walk.ts';

const pluralOf: Readonly<Record<Omission, string>> = {
  node_modules: 'node_modules',
  '.git/objects': '.git/objects',
  'symbolic link': 'symbolic links',
  'special file': 'special files',
  unreadable: 'unreadable',
};

/** `1 key`, `2 keys`. */
export function counted(count: number, one: string, many = `${one}s`): string {
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

/** Says in words what a scan came to. */
export function writeSummary({ err }: Terminal, tally: Tally): void {
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
}

/** Says what to do about what was found, if anything was. */
export function writeNextAction({ err }: Terminal, { findings }: Tally): void {
  if (findings.length === 0) return;
  err.line('Whoever has seen a key can use it. Revoke it first, then take it out of the file:');
  err.line('  latchkey key report-leaked              one key, of any family, which it asks for');
  err.line('  latchkey scan <path> --report           every key that is found there');
}

/** One line on what came of reporting one key. */
export function reportedLine({ keyPrefix, revoked, revokedAt, error }: Reported): string {
  if (error !== null) return `${keyPrefix}: ${clean(error.code)}: ${clean(error.message)}`;
  return `${keyPrefix}: ${revoked ? `revoked ${clean(revokedAt ?? '')}` : 'no key that works there'}`;
}

/** A tally as `--json` prints it: without the keys. */
export function shownTally({ keys, ...tally }: Tally): Readonly<Record<string, unknown>> {
  return { ...tally, keys: keys.size };
}
