import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { type Context, defineCommand, UsageError } from '../../command.ts';
import { reportFailure } from '../../failure.ts';
import { apiFlags } from '../../flags.ts';
import { requireIdentity } from '../../identity.ts';
import { clean, writeHeading, writeJson, writeLabels } from '../../output.ts';
import { secretOfFlag } from '../../secret.ts';
import { resolveServer } from '../../server-address.ts';
import { logoFields } from './logo.ts';
import { sizes } from './sizes.ts';

async function n8nFields(context: Context, url: string | undefined, key: string | undefined) {
  if (url === undefined && key === undefined) return {};
  if (url === undefined || key === undefined) {
    throw new UsageError('--n8n-base-url and --n8n-api-key must be given together.');
  }
  return { n8nBaseUrl: url, n8nApiKey: await secretOfFlag(context, '--n8n-api-key', key) };
}

export const command = defineCommand({
  summary: 'Create an organization',
  flags: {
    name: { value: '<name>', summary: 'Organization name, 2 to 100 characters', required: true },
    description: { value: '<text>', summary: 'Description' },
    size: { value: '<size>', summary: `Number of people: ${sizes.join(', ')}`, choices: sizes },
    logo: { value: '<file>', summary: 'JPEG, PNG or WebP picture, up to 5 MB', completes: 'files' },
    'n8n-base-url': { value: '<url>', summary: 'Own n8n to connect; needs --n8n-api-key' },
    'n8n-api-key': { value: '<key>', summary: 'Its API key; - reads it from standard input', input: true },
    'store-credential-copy': { summary: 'Keep a copy of credentials outside a self-hosted n8n' },
    ...apiFlags,
  },
  notes: ['Needs a personal (ckp_) or admin (cka_) key with the scope organizations:create.'],
  examples: [
    'latchkey organization create --name Acme --size 11-50',
    'latchkey organization create --name Acme --logo ./acme.png --json',
  ],
  async run(context, values) {
    const { terminal } = context;
    const logo = logoFields(terminal.cwd, values.logo);
    const identity = await requireIdentity(context, values);
    const server = resolveServer(context, values);
    const input = {
      name: values.name,
      description: values.description,
      size: values.size,
      ...logo,
      ...(await n8nFields(context, values['n8n-base-url'], values['n8n-api-key'])),
      ...(values['store-credential-copy'] ? { storeCredentialCopy: true } : {}),
    };
    if (!values.json) terminal.err.line(`\nCreating organization "${clean(values.name)}"...`);
    const answer = await apiOf(context, server, identity).call('organizations.create', input);
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    if (values.json) {
      writeJson(terminal.out, bodyOf(answer));
      return 0;
    }
    writeHeading(terminal.out, 'Organization Created Successfully');
    writeLabels(terminal.out, [
      ['Organization ID', answer.data.organizationId],
      ['Request ID', answer.requestId],
    ]);
    terminal.out.line('');
    return 0;
  },
});
