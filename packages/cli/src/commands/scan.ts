import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { redactKeys } from '@latchkey/keys';
import { agreed, checkCanAsk, yesFlag } from '../agreement.ts';
import { type Context, defineCommand, UsageError } from '../command.ts';
import { fileProblem } from '../config/file.ts';
import { baseUrlFlag, jsonFlag } from '../flags.ts';
import { clean, writeJson } from '../output.ts';
import type { Reported } from '../scan/report-keys.ts';
import { searchPlaces } from '../scan/search-places.ts';
import { addPlace, emptyTally, isClean, type Tally } from '../scan/tally.ts';
import {
  counted,
  findingLine,
  reportedLine,
  shownTally,
  writeNextAction,
  writeSummary,
} from '../scan/texts.ts';
import { type AddressFlags, resolveServer, type ServerAddress } from '../server-address.ts';

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

async function search({ terminal }: Context, paths: readonly string[], json: boolean): Promise<Tally> {
  const tally = emptyTally();
  for await (const place of searchPlaces(paths, terminal)) {
    const findings = addPlace(tally, place);
    if (!json) for (const finding of findings) terminal.out.line(findingLine(finding));
  }
  return tally;
}

/** Finds out before anything is read whether keys can be reported, and where. */
function reportingServer(context: Context, flags: AddressFlags, yes: boolean): ServerAddress {
  checkCanAsk(context, yes);
  return resolveServer(context, flags);
}

/** A file may hold a key that is in use on purpose, so its end is agreed to. */
async function report(
  context: Context,
  server: ServerAddress,
  { keys }: Tally,
  yes: boolean,
): Promise<Reported[]> {
  if (keys.size === 0) return [];
  const question = `Report ${counted(keys.size, 'key')} to ${server.baseUrl}? What works there is revoked, for ever.`;
  if (!(await agreed(context, question, yes))) return [];
  const { reportKeys } = await import('../scan/report-keys.ts');
  return reportKeys(context, server, keys);
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
  flags: {
    report: { summary: 'Present each key to the server, which revokes it and tells its owner' },
    ...yesFlag,
    ...baseUrlFlag,
    ...jsonFlag,
  },
  notes: [
    'Finds keys of every family, also inside longer words, in binary files and in UTF-16. Only what has the right checksum or fingerprint counts. A key is never printed, and sent nowhere without --report.',
    'Symbolic links in a folder are not followed. node_modules and .git/objects are left out unless a path leads into one; git keeps everything compressed: search it by `git log -p --all | latchkey scan -`.',
    'Exit code: 0 all was read and holds no key, 1 a key was found or something could not be read, 2 wrong usage.',
  ],
  examples: [
    'latchkey scan .',
    'latchkey scan src .env --json',
    'docker logs web 2>&1 | latchkey scan -',
    'latchkey scan dump.sql --report',
  ],
  async run(context, { report: isReporting, yes, json, ...address }, first = '', more) {
    const { terminal } = context;
    const paths = [first, ...more];
    checkPaths(paths, terminal.cwd);
    const server = isReporting ? reportingServer(context, address, yes) : undefined;
    const tally = await search(context, paths, json);
    if (!json) writeSummary(terminal, tally);
    const reported = server && (await report(context, server, tally, yes));
    if (json) writeJson(terminal.out, { ...shownTally(tally), reported });
    else if (reported === undefined) writeNextAction(terminal, tally);
    else for (const each of reported) terminal.out.line(reportedLine(each));
    return isClean(tally) ? 0 : 1;
  },
});
