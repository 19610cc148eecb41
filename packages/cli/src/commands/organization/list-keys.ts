import type { Output } from '@latchkey/protocol';
import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { profileTypeOf } from '../../config/profile.ts';
import { everyPage } from '../../every-page.ts';
import { reportFailure } from '../../failure.ts';
import { apiFlags } from '../../flags.ts';
import { type Identity, requireIdentity } from '../../identity.ts';
import { localDate, writeJson } from '../../output.ts';
import { resolveServer } from '../../server-address.ts';
import { writeTable } from '../../table.ts';
import { rateLimitText } from '../rate-limit.ts';

type ListedKey = Output<'keys.listOfOrganization'>['keys'][number];

function rowOf(key: ListedKey): string[] {
  const { keyId, name, keyPrefix, state, expiresAt, lastUsedAt, rateLimit, scopes } = key;
  return [
    keyId,
    name,
    keyPrefix,
    state,
    expiresAt === null ? 'never' : localDate(expiresAt),
    lastUsedAt === null ? 'never' : localDate(lastUsedAt),
    rateLimit === null ? '-' : rateLimitText(rateLimit),
    scopes.join(', '),
  ];
}

/** Only a key of an organization has one that the server could tell. */
function isAskedFor(identity: Identity): boolean {
  return identity.kind === 'key' && profileTypeOf(identity.apiKey) === 'org-api-key';
}

function organizationOf(who: Output<'keys.whoami'> | undefined): string | undefined {
  return who === undefined || who.type === 'session' ? undefined : who.organizationId;
}

const head = ['KEY ID', 'NAME', 'PREFIX', 'STATE', 'EXPIRES', 'LAST USED', 'RATE LIMIT', 'SCOPES'];

export const command = defineCommand({
  summary: 'List the keys of an organization, newest first',
  flags: {
    'organization-id': { value: '<id>', summary: 'Organization (default: that of the profile or key)' },
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
    const api = apiOf(context, resolveServer(context, values), identity);
    const known = values['organization-id'] ?? identity.chosen?.profile.organizationId;
    const whose = !known && isAskedFor(identity) ? await api.call('keys.whoami', {}) : undefined;
    if (whose?.success === false) return reportFailure(terminal, whose, values.json);
    const organizationId = known || organizationOf(whose?.data);
    if (!organizationId) {
      throw new UsageError('Missing: --organization-id <id> (the key in use belongs to no organization).');
    }
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
