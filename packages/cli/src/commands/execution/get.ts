import type { Output } from '@latchkey/protocol';
import { type Api, apiOf } from '../../api.ts';
import { defineCommand } from '../../command.ts';
import { reportFailure } from '../../failure.ts';
import { callFlags } from '../../flags.ts';
import { type Identity, keyUseOf, requireIdentity } from '../../identity.ts';
import { type Label, writeJson, writeLabels } from '../../output.ts';
import { resolveServer } from '../../server-address.ts';
import type { Terminal } from '../../terminal.ts';
import { checkedId, instanceFlag, instanceIdOf } from '../ids.ts';
import { outputFlag, outputPathOf, writeAnswer } from './output-file.ts';
import { durationText, type Execution, errorLabels, resultLines } from './texts.ts';

type Details = Output<'executions.get'>['execution'];
/** Whoever holds the instance key is told less. */
type Shown = Execution & Partial<Details>;
type Asked = {
  readonly processInstanceId: string;
  readonly executionId: string;
  readonly deep: boolean;
  readonly slim: boolean;
};

/** The same command for whoever may read all, and for an instance key, which may follow what it triggers. */
function look(api: Api, identity: Identity, { deep, slim, ...which }: Asked) {
  const isAtDoor = identity.kind === 'key' && keyUseOf(identity.apiKey) === 'instance';
  return isAtDoor ? api.call('gateway.status', which) : api.call('executions.get', { ...which, deep, slim });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** How many nodes ran, where the engine is one that has nodes. */
function nodesExecuted(told: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { data } = (told ?? {}) as { data?: { resultData?: { runData?: unknown } } };
  const runData = data?.resultData?.runData;
  return typeof runData === 'object' && runData !== null ? String(Object.keys(runData).length) : undefined;
}

/** What is told of one that has not come to its end. */
function progressLabels({ status, lastFailure, nextAttemptAt, givesUpAt }: Shown): Label[] {
  return [
    ['Last Attempt', lastFailure?.message],
    ...(status === 'pending'
      ? ([
          ['Next Attempt', nextAttemptAt ?? undefined],
          ['Gives Up At', givesUpAt],
        ] satisfies Label[])
      : []),
  ];
}

function labelsOf(execution: Shown): Label[] {
  const { executionId, n8nExecutionId, n8nExecution, startedBy, attempts } = execution;
  return [
    ['Execution ID', executionId],
    ['n8n Execution ID', n8nExecutionId === executionId ? undefined : n8nExecutionId],
    ['Workflow', execution.workflowId],
    ['Status', execution.status],
    ['Created At', execution.createdAt],
    ['Started At', textOf(n8nExecution?.startedAt)],
    ['Stopped At', textOf(n8nExecution?.stoppedAt)],
    ['Duration', durationText(execution.duration)],
    [
      'Started By',
      startedBy === undefined
        ? undefined
        : [startedBy.method, startedBy.name, startedBy.id].filter(Boolean).join(' '),
    ],
    ['Attempts', attempts === undefined ? undefined : String(attempts)],
    ...progressLabels(execution),
    ['Nodes Executed', nodesExecuted(n8nExecution)],
    ...errorLabels(execution),
  ];
}

function writeDetails({ out }: Terminal, execution: Shown, requestId: string | undefined): void {
  out.line('\n● Execution Details\n');
  writeLabels(out, [...labelsOf(execution), ['Request ID', requestId]]);
  const result = resultLines(execution.resultData);
  if (result.length > 0) out.line(`\n${result.join('\n')}`);
  out.line('');
}

/** That the answer is in a file, in the shape of contract/codika.md G.7.6. */
function reportWritten({ out }: Terminal, path: string, { executionId, status }: Shown, json: boolean): void {
  if (json) writeJson(out, { success: true, data: { outputPath: path, executionId, status } });
  else {
    writeLabels(out, [
      ['Execution ID', executionId],
      ['Status', status],
      ['Output', path],
    ]);
  }
}

export const command = defineCommand({
  summary: 'Show an execution: who started it and how, what came of it',
  argument: { name: 'executionId', summary: 'Execution, as `latchkey trigger` answered it', required: true },
  flags: {
    ...instanceFlag,
    deep: { summary: 'Also what the engine tells of the executions that it began itself' },
    slim: { summary: 'Without the bulk of what the engine tells' },
    ...outputFlag,
    ...callFlags,
  },
  notes: ['Needs the scope executions:read. With an instance key (ck_) it shows status and result alone.'],
  examples: [
    'latchkey execution get <executionId> --process-instance-id <id>',
    'latchkey get execution <executionId> --process-instance-id <id> -o execution.json --json',
  ],
  async run(context, values, argument = '') {
    const { terminal } = context;
    const { deep, slim, json } = values;
    const executionId = checkedId('The execution', argument);
    const processInstanceId = instanceIdOf(context, values['process-instance-id']);
    const outputPath = outputPathOf(context, values.output);
    const identity = await requireIdentity(context, values);
    const api = apiOf(context, resolveServer(context, values), identity);
    const answer = await look(api, identity, { processInstanceId, executionId, deep, slim });
    if (!answer.success) return reportFailure(terminal, answer, json);
    const { requestId } = answer;
    const { execution }: { execution: Shown } = answer.data;
    // Flat, as the published path answers it.
    const body = { success: true, execution, requestId };
    if (outputPath !== undefined) {
      writeAnswer(outputPath, body);
      reportWritten(terminal, outputPath, execution, json);
    } else if (json) writeJson(terminal.out, body);
    else writeDetails(terminal, execution, requestId);
    return 0;
  },
});
