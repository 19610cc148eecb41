import type { Output } from '@latchkey/protocol';
import { apiOf } from '../api.ts';
import { type Context, defineCommand, UsageError } from '../command.ts';
import { type Failure, reportFailure, writeFailure } from '../failure.ts';
import { apiFlags } from '../flags.ts';
import { type Identity, resolveIdentity } from '../identity.ts';
import { clean, mask, writeJson, writeLabels, writeWarning } from '../output.ts';
import { resolveServer } from '../server-address.ts';
import { keyLabels } from './key-labels.ts';

type Who = Exclude<Output<'keys.whoami'>, { type: 'session' }>;

const kinds = { 'org-api-key': '', 'personal-api-key': ' (personal)', 'admin-api-key': ' (admin)' } as const;

function notLoggedIn({ terminal }: Context, json: boolean): number {
  if (json) writeJson(terminal.out, { loggedIn: false });
  else terminal.err.line('Not logged in. Run `latchkey login` or `latchkey auth login-request`.');
  return 1;
}

function whereFrom({ source, chosen }: Identity) {
  return { source, profileName: chosen?.name ?? null };
}

function writeWho({ terminal }: Context, who: Who, identity: Identity, json: boolean): number {
  if (json) {
    writeJson(terminal.out, { loggedIn: true, ...who, ...whereFrom(identity) });
    return 0;
  }
  terminal.out.line(`\nLogged in to Latchkey${kinds[who.type] ?? ''}\n`);
  writeLabels(terminal.out, [
    ...keyLabels(who, mask(identity.apiKey), terminal.now()),
    ['Profile', identity.chosen?.name],
    ['Source', identity.chosen === undefined ? identity.source : undefined],
  ]);
  terminal.out.line('');
  return 0;
}

/** The server answered, and what it said is about this key. */
function isRefused({ status }: Failure): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

function writeRefused({ terminal }: Context, failure: Failure, identity: Identity, json: boolean): number {
  if (json) writeJson(terminal.out, { loggedIn: false, error: failure.error, ...whereFrom(identity) });
  else {
    terminal.err.line(`\nNot logged in: the server refuses the key of ${clean(identity.source)}.`);
    writeFailure(terminal, failure);
  }
  return 1;
}

/** What the profile remembers, said to be just that. */
function writeRemembered(context: Context, failure: Failure, identity: Identity, json: boolean): number {
  const { terminal } = context;
  if (identity.chosen === undefined) return reportFailure(terminal, failure, json);
  const { apiKey, baseUrl: _baseUrl, ...facts } = identity.chosen.profile;
  if (json) {
    const cached = { loggedIn: true, cached: true, ...facts };
    writeJson(terminal.out, { ...cached, error: failure.error, ...whereFrom(identity) });
    return 1;
  }
  writeFailure(terminal, failure);
  writeWarning(terminal.err, 'The key could not be verified. This is what the profile remembers:');
  terminal.out.line('');
  writeLabels(terminal.out, [
    ...keyLabels(facts, mask(apiKey), terminal.now()),
    ['Profile', identity.chosen.name],
  ]);
  terminal.out.line('');
  return 1;
}

export const command = defineCommand({
  summary: 'Show whose key is in use, as the server sees it',
  flags: apiFlags,
  notes: [
    'Exit code 1 when no key is set, when the server refuses the key, and when it cannot be asked;',
    'in the last case what the profile remembers is shown, marked as not verified.',
  ],
  examples: ['latchkey whoami', 'latchkey whoami --profile acme --json'],
  async run(context, values) {
    const identity = await resolveIdentity(context, values);
    if (identity === undefined) return notLoggedIn(context, values.json);
    const server = resolveServer(context, values);
    const answer = await apiOf(context, server, identity.apiKey).call('keys.whoami', {});
    if (answer.success && answer.data.type !== 'session') {
      return writeWho(context, answer.data, identity, values.json);
    }
    if (answer.success) throw new UsageError('This is the token of a session, not an API key.');
    if (isRefused(answer)) return writeRefused(context, answer, identity, values.json);
    return writeRemembered(context, answer, identity, values.json);
  },
});
