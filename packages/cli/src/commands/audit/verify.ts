import { readFileSync } from 'node:fs';
import { defineCommand, UsageError } from '../../command.ts';
import { fileProblem } from '../../config/file.ts';
import { jsonFlag } from '../../flags.ts';
import { clean } from '../../output.ts';
import { checkExport } from './check.ts';
import { reportVerdict } from './verdict.ts';

function readExport(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${clean(file)}: ${fileProblem(error)}.`);
  }
}

export const command = defineCommand({
  summary: 'Check an export of the audit chain without asking a server',
  argument: {
    name: 'file',
    summary: 'What `latchkey audit export` wrote; - reads standard input',
    required: true,
    completes: 'files',
  },
  flags: {
    'public-key': {
      value: '<key>',
      summary: 'The key that the server signs with (default: that of an earlier export)',
    },
    ...jsonFlag,
  },
  notes: ['Names the first event that was edited, dropped, inserted, reordered or cut, and exits with 1.'],
  examples: [
    'latchkey audit verify audit.jsonl',
    'latchkey audit verify audit.jsonl --public-key <key> --json',
  ],
  async run({ terminal, config }, values, file = '') {
    const text = file === '-' ? await terminal.readInput() : readExport(file);
    return reportVerdict(terminal, await checkExport(config.file, text, values['public-key']), values.json);
  },
});
