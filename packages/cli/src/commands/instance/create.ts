import type { Request as Asked, Output } from '@latchkey/protocol';
import { callAndReport, organizationIdOf } from '../../call.ts';
import { type Context, defineCommand, UsageError, type Values } from '../../command.ts';
import { callFlags, environments, organizationIdFlag } from '../../flags.ts';
import type { Identity } from '../../identity.ts';
import { jsonObjectOf } from '../../input-file.ts';
import { clean, writeHeading, writeLabels } from '../../output.ts';
import { writeTable } from '../../table.ts';
import type { Terminal } from '../../terminal.ts';
import { rateLimitText } from '../rate-limit.ts';
import { queryKeysReason, settingsFlags, settingsOf } from './settings.ts';
import { curlLine, hintAtQueryKeys, secretLabels, warnOfSecrets } from './texts.ts';
import { workflowFlag, workflowNotes, workflowOf } from './workflows.ts';

type Created = Output<'instances.create'>;

const flags = {
  title: { value: '<title>', summary: 'What people call it' },
  environment: {
    value: '<env>',
    summary: 'Environment that it runs in (default: the context, dev)',
    choices: environments,
  },
  'project-id': { value: '<id>', summary: 'Project it belongs to (default: a new one of the same name)' },
  ...workflowFlag,
  file: {
    value: '<file>',
    summary: 'JSON file with all of this as the API takes it; - is standard input. Flags go before it',
    completes: 'files',
    input: true,
  },
  ...settingsFlags,
  ...organizationIdFlag,
  ...callFlags,
} as const;

/** What is asked for, whoever asks; the file's fields are for the server to judge. */
async function wishOf(context: Context, values: Values<typeof flags>): Promise<Asked<'instances.create'>> {
  const { title, environment, 'project-id': projectId, file } = values;
  const workflows = values.workflow.map(workflowOf);
  const wish = {
    ...(file === undefined ? {} : await jsonObjectOf(context, '--file', file)),
    ...(title === undefined ? {} : { title }),
    ...(environment === undefined ? {} : { environment }),
    ...(projectId === undefined ? {} : { projectId }),
    ...(workflows.length === 0 ? {} : { workflows }),
    ...settingsOf(values),
  };
  const missing = [
    'title' in wish ? [] : ['--title <title>'],
    'workflows' in wish ? [] : ['--workflow <id>=<url>'],
  ];
  if (missing.flat().length > 0) throw new UsageError(`Missing: ${missing.flat().join(', ')}`);
  return wish as Asked<'instances.create'>;
}

/** Where a signed-in person works. */
function environmentOf({ chosen }: Identity) {
  return chosen?.profile.type === 'session' ? chosen.profile.environment : undefined;
}

function writeCreated(terminal: Terminal, created: Created, requestId: string | undefined): void {
  const { out } = terminal;
  writeHeading(out, 'Process Instance Created Successfully');
  warnOfSecrets(terminal);
  writeLabels(out, [
    ['Instance ID', created.processInstanceId],
    ['Project ID', created.processId],
    ['Title', created.title],
    ['Environment', created.environment],
    ...secretLabels(created),
    ['Shared With', created.sharedWith],
    ['Query Keys', created.queryKeys ? 'on' : 'off'],
    ['Rate Limit', rateLimitText(created.rateLimit)],
    ['Request ID', requestId],
  ]);
  out.line('\n  Trigger URLs:');
  writeTable(
    out,
    created.workflows.map(({ workflowId, triggerUrl }) => [`  ${workflowId}`, triggerUrl]),
  );
  const first = created.workflows[0]?.triggerUrl;
  if (first !== undefined) out.line(`\n  With the key in LATCHKEY_INSTANCE_KEY:\n    ${curlLine(first)}`);
  out.line('');
  terminal.err.line(
    `  The key again, for owners and admins: latchkey instance key reveal ${clean(created.processInstanceId)}`,
  );
  hintAtQueryKeys(terminal, created);
}

export const command = defineCommand({
  summary: 'Put workflows behind the door: make a process instance with its URLs and its key',
  flags,
  notes: [
    ...workflowNotes,
    '',
    `--query-keys is on unless told: some senders can set nothing but a URL. ${queryKeysReason}`,
    'The instance key triggers the workflows of this instance and nothing else.',
  ],
  examples: [
    'latchkey instance create --title Orders --environment prod --workflow main=https://orders.example.com/run',
    'latchkey instance create --title Bank --workflow "pay=https://bank.example.com/pay,mode=callback,timeout=60" --query-keys off',
    'latchkey instance create --file instance.json --json',
  ],
  async run(context, values) {
    const wish = await wishOf(context, values);
    return callAndReport(
      context,
      values,
      'instances.create',
      (identity) => {
        const organizationId = organizationIdOf(values, identity);
        return { environment: environmentOf(identity), ...wish, ...(organizationId && { organizationId }) };
      },
      (created, requestId) => writeCreated(context.terminal, created, requestId),
    );
  },
});
