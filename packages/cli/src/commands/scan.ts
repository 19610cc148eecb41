import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { redactKeys } from '@latchkey/keys';
import { defineCommand, UsageError } from '../command.ts';
import { fileProblem } from '../config/file.ts';
import { jsonFlag } from '../flags.ts';
import { clean, writeJson } from '../output.ts';
import { findingLine, writeSummary } from '../scan/report.ts';
import { searchPlaces } from '../scan/search-places.ts';
import { addPlace, emptyTally, isClean } from '../scan/tally.ts';

function checkPath(path: string, cwd: string): void {
  if (path === '') throw new UsageError('A path is empty.');
  try {
    statSync(resolve(cwd, path));
  } catch (error) {
    throw new UsageError(`Cannot read ${clean(redactKeys(path))}: ${fileProblem(error)}.`);
  }
}

/** A path that was mistyped must not pass for one without keys. */
function checkPaths(paths: readonly string[], cwd: string): void {
  const inputs = paths.filter((path) => path === '-').length;
  if (inputs > 1) throw new UsageError('Standard input (-) is given twice.');
  for (const path of paths) if (path !== '-') checkPath(path, cwd);
}

export const command = defineCommand({
  summary: 'Find keys in files and folders',
  argument: {
    name: 'path',
    summary: 'File or folder to search; - is standard input',
    required: true,
    repeatable: true,
    completes: 'files',
  },
  flags: jsonFlag,
  notes: [
    'Finds keys of every family, also inside longer words, in binary files and in UTF-16. Only what has the right checksum or fingerprint counts. Asks no server, and never prints a key.',
    'Symbolic links in a folder are not followed. node_modules and .git/objects are left out unless a path leads into one; git keeps everything compressed: search it by `git log -p --all | latchkey scan -`.',
    'Exit code: 0 all was read and holds no key, 1 a key was found or something could not be read, 2 wrong usage.',
  ],
  examples: ['latchkey scan .', 'latchkey scan src .env --json', 'docker logs web 2>&1 | latchkey scan -'],
  async run({ terminal }, { json }, first = '', more) {
    const paths = [first, ...more];
    checkPaths(paths, terminal.cwd);
    const tally = emptyTally();
    for await (const place of searchPlaces(paths, terminal)) {
      const findings = addPlace(tally, place);
      if (!json) for (const finding of findings) terminal.out.line(findingLine(finding));
    }
    const { findings, keys, files, sizeBytes, omitted } = tally;
    if (json) writeJson(terminal.out, { findings, keys: keys.size, files, sizeBytes, omitted });
    else writeSummary(terminal, tally);
    return isClean(tally) ? 0 : 1;
  },
});
