import type { Output } from '@latchkey/protocol';
import { apiOf } from '../api.ts';
import { type Context, defineCommand, type Values } from '../command.ts';
import type { KeyProfile } from '../config/profile.ts';
import { type Failure, reportFailure, writeFailure } from '../failure.ts';
import { apiFlags, placeFlags } from '../flags.ts';
import { type Identity, type KeyIdentity, resolveIdentity, type SessionIdentity } from '../identity.ts';
import { clean, mask, writeJson, writeLabels, writeWarning } from '../output.ts';
import { resolveServer } from '../server-address.ts';
import { contextLabels, keyLabels } from './labels.ts';
import { elsewhereOf } from './whoami-elsewhere.ts';
import { writeSession } from './whoami-session.ts';

/** What was asked with a key is answered about a key. */
type Who = Exclude<Output<'keys.whoami'>, { type: 'session' }>;

const flags = {
  ...apiFlags,
  ...placeFlags,
  workspace: { value: '<slug>', summary: 'Workspace to show in place of that of the context' },
} as const;

const kinds = { 'org-api-key': '', 'personal-api-key': ' (personal)', 'admin-api-key': ' (admin)' } as const;

function notLoggedIn({ terminal }: Context, json: boolean): number {
  if (json) writeJson(terminal.out, { loggedIn: false });
  else terminal.err.line('Not logged in. Run `latchkey login` or `latchkey auth login-request`.');
  return 1;
}

function whereFrom({ source, chosen }: Identity) {
  return { source, profileName: chosen?.name ?? null };
}

function writeWho({ terminal }: Context, who: Who, identity: KeyIdentity, json: boolean): number {
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
    const { kind, source } = identity;
    terminal.err.line(`\nNot logged in: the server refuses the ${kind} of ${clean(source)}.`);
    writeFailure(terminal, failure);
  }
  return 1;
}

function withoutSecret({ apiKey: _secret, ...facts }: KeyProfile): Omit<KeyProfile, 'apiKey'> {
  return facts;
}

/** What the profile remembers, said to be just that. */
function writeRemembered(context: Context, failure: Failure, identity: Identity, json: boolean): number {
  const { terminal } = context;
  if (identity.chosen === undefined) return reportFailure(terminal, failure, json);
  const { profile } = identity.chosen;
  const { baseUrl: _baseUrl, ...facts } = profile.type === 'session' ? profile : withoutSecret(profile);
  if (json) {
    const cached = { loggedIn: true, cached: true, ...facts };
    writeJson(terminal.out, { ...cached, error: failure.error, ...whereFrom(identity) });
    return 1;
  }
  writeFailure(terminal, failure);
  writeWarning(
    terminal.err,
    `The ${identity.kind} could not be verified. This is what the profile remembers:`,
  );
  terminal.out.line('');
  const labels =
    profile.type === 'session'
      ? contextLabels(profile)
      : keyLabels(profile, mask(profile.apiKey), terminal.now());
  writeLabels(terminal.out, [...labels, ['Profile', identity.chosen.name]]);
  terminal.out.line('');
  return 1;
}

async function askAboutKey(
  context: Context,
  identity: KeyIdentity,
  values: Values<typeof flags>,
): Promise<number | Failure> {
  const elsewhere = elsewhereOf(identity.apiKey);
  if (elsewhere !== undefined) {
    if (values.json)
      writeJson(context.terminal.out, { loggedIn: false, error: elsewhere.error, ...whereFrom(identity) });
    else writeFailure(context.terminal, elsewhere);
    return 1;
  }
  const server = resolveServer(context, values);
  const answer = await apiOf(context, server, identity).call('keys.whoami', {});
  return answer.success ? writeWho(context, answer.data as Who, identity, values.json) : answer;
}

async function askAboutSession(
  context: Context,
  identity: SessionIdentity,
  values: Values<typeof flags>,
): Promise<number | Failure> {
  const server = resolveServer(context, values);
  const answer = await apiOf(context, server, identity).call('sessions.me', {});
  return answer.success ? writeSession(context, answer.data, identity, values, values.json) : answer;
}

export const command = defineCommand({
  summary: 'Show who is logged in, as the server sees it',
  flags,
  notes: [
    'Exit code 1 when nobody is logged in, when the server refuses the key or session, and when it cannot be asked; in the last case what the profile remembers is shown, marked as not verified.',
  ],
  examples: ['latchkey whoami', 'latchkey whoami --profile acme --json'],
  async run(context, values) {
    const identity = await resolveIdentity(context, values);
    if (identity === undefined) return notLoggedIn(context, values.json);
    const answer =
      identity.kind === 'key'
        ? await askAboutKey(context, identity, values)
        : await askAboutSession(context, identity, values);
    if (typeof answer === 'number') return answer;
    if (isRefused(answer)) return writeRefused(context, answer, identity, values.json);
    return writeRemembered(context, answer, identity, values.json);
  },
});
