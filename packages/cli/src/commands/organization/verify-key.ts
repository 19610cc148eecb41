import type { Output } from '@latchkey/protocol';
import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { type Context, defineCommand, UsageError } from '../../command.ts';
import { reportFailure } from '../../failure.ts';
import { apiFlags, environments } from '../../flags.ts';
import { requireIdentity } from '../../identity.ts';
import { clean, paint, writeJson, writeLabels } from '../../output.ts';
import { secretOfFile } from '../../secret.ts';
import { resolveServer } from '../../server-address.ts';
import { scopeList } from './scopes.ts';

async function presentedKey(context: Context, file: string | undefined): Promise<string> {
  const { terminal } = context;
  if (file !== undefined) return secretOfFile(context, '--key-file', file);
  if (!terminal.isInteractive) {
    throw new UsageError(
      'No terminal to ask for the key. Give --key-file <file>, or --key-file - (standard input).',
    );
  }
  const key = (await terminal.askSecret('Key to verify'))?.trim() ?? '';
  if (key === '') throw new UsageError('No key was given.');
  return key;
}

type Verdict = Output<'keys.verify'>;

function writeVerdict({ terminal: { out } }: Context, verdict: Verdict): void {
  const { valid, code, message, rateLimit, budget } = verdict;
  out.line(`\n${paint(out, valid ? 'green' : 'red', `${valid ? '✓' : '✗'} ${code}`)}  ${clean(message)}\n`);
  writeLabels(out, [
    ['Key ID', verdict.keyId ?? undefined],
    ['Name', verdict.keyName ?? undefined],
    ['Scopes', verdict.keyId === null ? undefined : verdict.scopes.join(', ')],
    ['Environment', verdict.environment ?? undefined],
    ['Workspace', verdict.workspace ?? undefined],
    ['Expires', verdict.expiresAt ?? undefined],
    ['Limit', rateLimit === null ? undefined : `${rateLimit.remaining} of ${rateLimit.limit} left`],
    ['Budget', budget === null ? undefined : `${budget.remaining} of ${budget.total} left`],
  ]);
  out.line('');
}

export const command = defineCommand({
  summary: 'Say whether a key of the organization is good, and for what',
  flags: {
    'key-file': {
      value: '<file>',
      summary: 'File that holds the key, - for standard input (default: asked)',
      completes: 'files',
      input: true,
    },
    scopes: { value: '<scopes>', summary: 'Scopes that it must have, comma-separated' },
    env: { value: '<env>', summary: 'Environment that it is used in', choices: environments },
    workspace: { value: '<slug>', summary: 'Workspace that it is used in' },
    resource: { value: '<resource>', summary: 'What it is used for, in the words of the API' },
    ip: { value: '<address>', summary: 'Where it is used from' },
    ...apiFlags,
  },
  notes: [
    'Asked with a key of the same organization that has the scope keys:verify. A verdict counts as no use.',
    'Exit code 0 for a valid key, 1 for any other.',
  ],
  examples: [
    'latchkey organization verify-key',
    'latchkey organization verify-key --key-file - --scopes workflows:trigger --json < key.txt',
  ],
  async run(context, values) {
    const { terminal } = context;
    const { scopes, env: environment, workspace, resource, ip } = values;
    const allScopes = scopes === undefined ? undefined : scopeList(scopes);
    const identity = await requireIdentity(context, values);
    const server = resolveServer(context, values);
    const key = await presentedKey(context, values['key-file']);
    const question = { key, allScopes, environment, workspace, resource, ip, cost: 0 };
    const answer = await apiOf(context, server, identity).call('keys.verify', question);
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    if (values.json) writeJson(terminal.out, bodyOf(answer));
    else writeVerdict(context, answer.data);
    return answer.data.valid ? 0 : 1;
  },
});
