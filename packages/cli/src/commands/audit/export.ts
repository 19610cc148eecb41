import type { Output } from '@latchkey/protocol';
import type { Api } from '../../api.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { fileProblem, replaceFile } from '../../config/file.ts';
import { type Failure, reportRefusal } from '../../failure.ts';
import { clean } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { checkExport } from './check.ts';
import { chainFlags } from './flags.ts';
import { rememberCheckpoint } from './known-checkpoints.ts';
import { reportVerdict } from './verdict.ts';

type Line = Output<'audit.export'>['lines'][number];

/** The whole chain, one JSON object per line. */
async function exported(
  api: Api,
  organizationId: string,
): Promise<{ readonly success: true; readonly text: string } | Failure> {
  const lines: Line[] = [];
  for (let after = 0; ; ) {
    const page = await api.call('audit.export', { organizationId, after });
    if (!page.success) return page;
    lines.push(...page.data.lines);
    if (page.data.nextAfter === null) break;
    after = page.data.nextAfter;
  }
  return { success: true, text: lines.map((line) => `${JSON.stringify(line)}\n`).join('') };
}

function save(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new UsageError(`Cannot write ${clean(file)}: ${fileProblem(error)}.`);
  }
}

export const command = defineCommand({
  summary: 'Write the whole audit chain, closed by a checkpoint that the server signs for it',
  flags: {
    output: { value: '<file>', summary: 'File to write (default: standard output)', completes: 'files' },
    ...chainFlags,
  },
  notes: [
    'The export is checked as it arrives. Its last checkpoint is remembered on this machine, so that a later export',
    'in which anything before it was changed or is missing is found out.',
  ],
  examples: ['latchkey audit export --output audit.jsonl', 'latchkey audit export --organization Acme'],
  run: (context, values) =>
    inPlace(context, values, async ({ api, organizationId }) => {
      const { terminal, config } = context;
      const answer = await exported(api, organizationId);
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      const { text } = answer;
      if (values.output === undefined) terminal.out.line(text.trimEnd());
      else save(values.output, text);
      const check = await checkExport(config.file, text, undefined);
      const { verdict } = check;
      if (verdict.ok) rememberCheckpoint(config.file, { ...verdict, seq: verdict.events });
      const told = values.output === undefined ? { ...terminal, out: terminal.err } : terminal;
      return reportVerdict(told, check, values.json && values.output !== undefined);
    }),
});
