import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { reportFailure } from '../../failure.ts';
import { apiFlags } from '../../flags.ts';
import { requireIdentity } from '../../identity.ts';
import { clean, writeHeading, writeJson, writeLabels } from '../../output.ts';
import { resolveServer } from '../../server-address.ts';
import { rateLimitFlag, rateLimitOf, rateLimitText } from '../rate-limit.ts';
import { writeReceipt } from '../receipt-text.ts';
import { restrictionFlags, restrictionNotes, restrictionsOf } from '../restrictions.ts';
import { scopeList, scopeNotes } from './scopes.ts';

export const command = defineCommand({
  summary: 'Rename a key, or change its scopes, its description or what it is bound to',
  flags: {
    'key-id': { value: '<id>', summary: 'Key to change', required: true },
    scopes: { value: '<scopes>', summary: 'New scopes, comma-separated; they replace the old ones' },
    name: { value: '<name>', summary: 'New name' },
    description: { value: '<text>', summary: 'New description; an empty one clears it' },
    ...rateLimitFlag,
    ...restrictionFlags,
    receipt: { summary: 'Say who had the key in memory, and since when nobody does' },
    ...apiFlags,
  },
  notes: [
    'At least one flag that changes something must be given.',
    '',
    ...scopeNotes,
    '',
    ...restrictionNotes,
  ],
  examples: [
    'latchkey organization update-key --key-id abc123 --scopes deploy:use-case,projects:read',
    'latchkey organization update-key --key-id abc123 --name "Production Deploy Key"',
    'latchkey organization update-key --key-id abc123 --allowed-addresses 203.0.113.7,10.0.0.0/8 --limit off',
    'latchkey organization update-key --key-id abc123 --description "" --json',
  ],
  async run(context, values) {
    const { terminal } = context;
    const { name, description } = values;
    const scopes = values.scopes === undefined ? undefined : scopeList(values.scopes);
    const rateLimit = rateLimitOf(values['rate-limit']);
    const changes = { scopes, name, description, rateLimit, ...restrictionsOf(values) };
    if (Object.values(changes).every((change) => change === undefined)) {
      throw new UsageError(
        'Nothing to change. Give at least one of --scopes, --name, --description, --rate-limit, --allowed-addresses, --resources, --limit and --budget.',
      );
    }
    const identity = await requireIdentity(context, values);
    const server = resolveServer(context, values);
    const keyId = values['key-id'];
    if (!values.json) terminal.err.line(`\nUpdating API key "${clean(keyId)}"...`);
    const api = apiOf(context, server, identity);
    const answer = await api.call('keys.update', {
      keyId,
      ...changes,
      ...(values.receipt && { receipt: true }),
    });
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    if (values.json) {
      writeJson(terminal.out, bodyOf(answer));
      return 0;
    }
    const { data } = answer;
    writeHeading(terminal.out, 'API key updated');
    writeLabels(terminal.out, [
      ['Key ID', data.keyId],
      ['Name', data.name],
      ['Scopes', data.scopes.join(', ')],
      ['Description', data.description === '' ? undefined : data.description],
      ['Rate Limit', rateLimit === undefined ? undefined : rateLimitText(rateLimit)],
    ]);
    terminal.out.line('');
    writeReceipt(terminal, data.receipt, 'changed');
    return 0;
  },
});
