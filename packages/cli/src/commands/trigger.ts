import type { Output } from '@latchkey/protocol';
import { apiOf } from '../api.ts';
import { type Context, defineCommand, UsageError } from '../command.ts';
import { reportFailure } from '../failure.ts';
import { callFlags } from '../flags.ts';
import { type IdentityFlags, type KeyIdentity, resolveIdentity } from '../identity.ts';
import { jsonObjectOf } from '../input-file.ts';
import { clean, writeHeading, writeJson, writeLabels } from '../output.ts';
import { resolveServer } from '../server-address.ts';
import { follow } from './execution/follow.ts';
import { outputFlag, outputPathOf } from './execution/output-file.ts';
import { lookLine } from './execution/texts.ts';
import { checkedId, instanceFlag, instanceIdOf } from './ids.ts';

const usualTimeoutSeconds = 120;
const longestTimeoutSeconds = 86_400;

interface PollFlags {
  readonly poll: boolean;
  readonly timeout: number | undefined;
  readonly output: string | undefined;
}

/** How long to wait at most; undefined where nobody waits. */
function timeoutOf({ poll, timeout, output }: PollFlags): number | undefined {
  if (!poll && (timeout !== undefined || output !== undefined)) {
    throw new UsageError('--timeout and --output are about the result, which only --poll waits for.');
  }
  const seconds = timeout ?? usualTimeoutSeconds;
  if (!(seconds > 0 && seconds <= longestTimeoutSeconds)) {
    throw new UsageError(`--timeout must be seconds, more than 0 and at most ${longestTimeoutSeconds}.`);
  }
  return poll ? seconds : undefined;
}

const whichKey =
  'Set LATCHKEY_API_KEY to the instance key (`latchkey instance key reveal <processInstanceId>`) or to an organization key with the scope workflows:trigger.';

/** The door knows no sessions. */
async function requireKey(context: Context, flags: IdentityFlags): Promise<KeyIdentity> {
  const identity = await resolveIdentity(context, flags);
  if (identity?.kind === 'key') return identity;
  const problem =
    identity === undefined ? 'No API key.' : 'Workflows are triggered with a key, not by a signed-in person.';
  throw new UsageError(`${problem} ${whichKey}`);
}

type Triggered = Output<'gateway.trigger'> & {
  readonly workflowId: string;
  readonly processInstanceId: string;
};

function writeTriggered({ terminal: { out, err } }: Context, triggered: Triggered): void {
  const { executionId, processInstanceId, workflowId } = triggered;
  writeHeading(out, 'Workflow triggered');
  writeLabels(out, [
    ['Execution ID', executionId],
    ['Process Instance', processInstanceId],
    ['Workflow', workflowId],
  ]);
  out.line('');
  err.line(`  What came of it: ${clean(lookLine(processInstanceId, executionId))}\n`);
}

export const command = defineCommand({
  summary: 'Trigger a workflow, and wait for its result with --poll',
  argument: { name: 'workflowId', summary: 'Workflow of the process instance', required: true },
  flags: {
    ...instanceFlag,
    'payload-file': {
      value: '<file>',
      summary: 'File with the payload, a JSON object; - is standard input (default: {})',
      completes: 'files',
      input: true,
    },
    poll: { summary: 'Wait for the result' },
    timeout: {
      value: '<seconds>',
      summary: `With --poll: wait at most so long (default: ${usualTimeoutSeconds})`,
      number: true,
    },
    output: { ...outputFlag.output, summary: 'With --poll: write the whole answer to this file' },
    ...callFlags,
  },
  notes: [
    'The key is the instance key (ck_), or an organization (cko_), personal or admin key with workflows:trigger.',
    'With --poll the exit code is 0 for a success alone; 1 says that it failed, was refused, or is not ended yet.',
  ],
  examples: [
    'latchkey trigger main --process-instance-id <id> --payload-file order.json --poll',
    `echo '{"orderId":42}' | latchkey trigger main --payload-file - --poll --timeout 300 --json`,
    'latchkey trigger main --process-instance-id <id> --poll -o result.json',
  ],
  async run(context, values, argument = '') {
    const { terminal } = context;
    const workflowId = checkedId('The workflow', argument);
    const processInstanceId = instanceIdOf(context, values['process-instance-id']);
    const timeoutSeconds = timeoutOf(values);
    const outputPath = outputPathOf(context, values.output);
    const file = values['payload-file'];
    const payload = file === undefined ? {} : await jsonObjectOf(context, '--payload-file', file);
    const identity = await requireKey(context, values);
    const api = apiOf(context, resolveServer(context, values), identity);
    if (!values.json) terminal.err.line(`\nTriggering workflow "${workflowId}"...`);
    const answer = await api.call('gateway.trigger', { processInstanceId, workflowId, payload });
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    const { executionId, message } = answer.data;
    if (timeoutSeconds !== undefined) {
      const { json } = values;
      return follow(terminal, api, { processInstanceId, executionId, timeoutSeconds, outputPath, json });
    }
    const triggered = { executionId, workflowId, processInstanceId, message };
    if (values.json) writeJson(terminal.out, { success: true, ...triggered });
    else writeTriggered(context, triggered);
    return 0;
  },
});
