import type { Output } from '@latchkey/protocol';
import { callAndReport } from '../../call.ts';
import { defineCommand } from '../../command.ts';
import { callFlags } from '../../flags.ts';
import { clean } from '../../output.ts';
import { tableLines } from '../../table.ts';
import type { Terminal } from '../../terminal.ts';
import { checkedId, instanceArgument, instanceIdOf } from '../ids.ts';
import { checkedLimit, limitFlag } from '../limit.ts';
import { durationText, statusText } from './texts.ts';

type Page = Output<'executions.list'>;
type Summary = Page['executions'][number];

const head = ['ID', 'Workflow', 'Status', 'Duration', 'Created'];
const errorStart = '    └─ ';
const errorWidth = 80;

function rowOf({ executionId, workflowId, status, duration, createdAt }: Summary): string[] {
  const created = createdAt.slice(0, 19).replace('T', ' ');
  return [executionId, workflowId, statusText(status), durationText(duration), created];
}

function errorLines({ errorDetails }: Summary, columns = Number.POSITIVE_INFINITY): string[] {
  if (errorDetails === undefined) return [];
  const { message, failedNodeName } = errorDetails;
  const node = failedNodeName === undefined ? '' : `[${failedNodeName}] `;
  const room = Math.min(errorWidth, columns - errorStart.length);
  return [`${errorStart}${clean(`${node}${message}`).slice(0, room)}`];
}

function writeExecutions({ out }: Terminal, { executions, processInstanceId }: Page): void {
  const { columns } = out;
  const [headLine = '', ...rows] = tableLines([head, ...executions.map(rowOf)], { columns });
  out.line(`\n● Recent Executions (${clean(processInstanceId)})\n`);
  out.line(headLine);
  for (const [index, execution] of executions.entries()) {
    for (const line of [rows[index] ?? '', ...errorLines(execution, columns)]) out.line(line);
  }
  const { length } = executions;
  out.line(`\n  Showing ${length} execution${length === 1 ? '' : 's'}\n`);
}

export const command = defineCommand({
  summary: 'List the executions of a process instance, newest first',
  argument: instanceArgument,
  flags: {
    'workflow-id': { value: '<id>', summary: 'Only of this workflow' },
    'failed-only': { summary: 'Only the failed ones' },
    ...limitFlag,
    ...callFlags,
  },
  notes: ['Times are UTC. 20 unless --limit says otherwise.'],
  examples: [
    'latchkey execution list <processInstanceId> --failed-only',
    'latchkey list executions <processInstanceId> --workflow-id main --limit 100 --json',
  ],
  run(context, values, argument) {
    const { terminal } = context;
    const wanted = values['workflow-id'];
    const input = {
      processInstanceId: instanceIdOf(context, argument),
      workflowId: wanted === undefined ? undefined : checkedId('--workflow-id', wanted),
      status: values['failed-only'] ? ('failed' as const) : undefined,
      limit: checkedLimit(values.limit),
    };
    return callAndReport(context, values, 'executions.list', input, (page) => {
      if (page.executions.length > 0) writeExecutions(terminal, page);
      else terminal.err.line(`No ${values['failed-only'] ? 'failed ' : ''}executions.`);
    });
  },
});
