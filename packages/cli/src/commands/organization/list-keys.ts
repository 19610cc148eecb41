import type { Output } from '@latchkey/protocol';
import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { everyPage } from '../../every-page.ts';
import { reportFailure } from '../../failure.ts';
import { apiFlags } from '../../flags.ts';
import { requireIdentity } from '../../identity.ts';
import { localDate, writeJson, writeTable } from '../../output.ts';
import { resolveServer } from '../../server-address.ts';

type ListedKey = Output<'keys.listOfOrganization'>['keys'][number];

function rowOf({ keyId, name, keyPrefix, state, expiresAt, lastUsedAt, scopes }: ListedKey): string[] {
  return [
    keyId,
    name,
    keyPrefix,
    state,
    expiresAt === null ? 'never' : localDate(expiresAt),
    lastUsedAt === null ? 'never' : localDate(lastUsedAt),
    scopes.join(', '),
  ];
}

const head = ['KEY ID', 'NAME', 'PREFIX', 'STATE', 'EXPIRES', 'LAST USED', 'SCOPES'];

export const command = defineCommand({
  summary: 'List the keys of an organization, newest first',
  flags: {
    'organization-id': { value: '<id>', summary: 'Organization (default: that of the profile)' },
    all: { summary: 'Also the expired and the revoked keys' },
    ...apiFlags,
  },
  examples: [
    'latchkey organization list-keys',
    'latchkey organization list-keys --organization-id <id> --all --json',
  ],
  async run(context, values) {
    const { terminal } = context;
    const identity = await requireIdentity(context, values);
    const organizationId = values['organization-id'] ?? identity.chosen?.profile.organizationId;
    if (!organizationId) {
      throw new UsageError(
        'Missing: --organization-id <id> (the key in use is not of a profile that names one).',
      );
    }
    const api = apiOf(context, resolveServer(context, values), identity);
    const state = values.all ? 'all' : 'active';
    const place = { organizationId, state, limit: 200 } as const;
    const answer = await everyPage((cursor) => api.call('keys.listOfOrganization', { ...place, cursor }));
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    const { keys } = answer.data;
    if (values.json) writeJson(terminal.out, bodyOf(answer));
    else if (keys.length === 0) terminal.err.line(`No ${values.all ? '' : 'active '}keys.`);
    else writeTable(terminal.out, [head, ...keys.map(rowOf)]);
    return 0;
  },
});
