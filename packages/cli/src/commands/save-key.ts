import type { Output } from '@latchkey/protocol';
import { apiOf } from '../api.ts';
import { type Context, UsageError, type Values } from '../command.ts';
import { type KeyProfile, profileTypeOf } from '../config/profile.ts';
import { loginName } from '../config/profile-name.ts';
import { reportFailure, writeFailure } from '../failure.ts';
import { baseUrlFlag, jsonFlag, keyFlags } from '../flags.ts';
import { keyOfFlags } from '../identity.ts';
import { mask, writeHeading, writeJson, writeLabels } from '../output.ts';
import { checkProfileName, saveProfile } from '../save-profile.ts';
import { checkedSecret } from '../secret.ts';
import { resolveServer } from '../server-address.ts';
import { keyLabels } from './labels.ts';

export const saveKeyFlags = {
  ...keyFlags,
  ...baseUrlFlag,
  name: { value: '<name>', summary: 'Name of the saved profile (default: from the key)' },
  'skip-verify': { summary: 'Save without asking the server about the key' },
  ...jsonFlag,
} as const;

type SaveKeyValues = Values<typeof saveKeyFlags>;

/** Other users of this machine can read command lines. */
function hintAtProcessList({ terminal }: Context, values: SaveKeyValues): void {
  const key = values['api-key'];
  if (key === undefined || key === '-') return;
  terminal.err.line('Hint: a key on the command line shows in `ps` and in the shell history.');
  terminal.err.line('      `--api-key -` reads it from standard input, `--api-key-file <file>` from a file.');
}

async function givenKey(context: Context, values: SaveKeyValues): Promise<string> {
  const { terminal } = context;
  const byFlag = await keyOfFlags(context, values);
  if (byFlag !== undefined) {
    hintAtProcessList(context, values);
    return byFlag.apiKey;
  }
  if (!terminal.isInteractive) {
    throw new UsageError(
      'No terminal to ask for the key. Give --api-key - (standard input) or --api-key-file <file>, or get a key by email: `latchkey auth login-request`.',
    );
  }
  const typed = await terminal.askSecret('API key');
  if (!typed) throw new Error('No API key was given.');
  return checkedSecret(typed.trim(), 'The API key');
}

type WhoseKey = Exclude<Output<'keys.whoami'>, { type: 'session' }>;

function verifiedProfile(apiKey: string, baseUrl: string, who: WhoseKey): KeyProfile {
  const { type, organizationId, organizationName, keyId, keyName, keyPrefix, scopes, createdAt, expiresAt } =
    who;
  const facts = { organizationId, organizationName, keyId, keyName, keyPrefix, scopes, createdAt, expiresAt };
  return { apiKey, type, baseUrl, ...facts };
}

function writeSaved(context: Context, profile: KeyProfile, name: string, values: SaveKeyValues): number {
  const { out, now } = context.terminal;
  const { apiKey, ...facts } = profile;
  if (values.json) {
    writeJson(out, { success: true, data: { profileName: name, ...facts } });
    return 0;
  }
  const isVerified = !values['skip-verify'];
  writeHeading(out, isVerified ? 'Logged in successfully' : 'Configuration saved');
  const { organizationId: _id, ...shown } = facts;
  const about = isVerified ? keyLabels(shown, mask(apiKey), now()) : [['API key', mask(apiKey)] as const];
  writeLabels(out, [['Profile', `${name} (active)`], ...about, ['Base URL', facts.baseUrl]]);
  out.line('');
  return 0;
}

/** Saves a key as the active profile, verified unless that is not wished; answers the exit code. */
export async function saveKey(context: Context, values: SaveKeyValues): Promise<number> {
  const { terminal, config } = context;
  checkProfileName(values.name, '--name');
  const server = resolveServer(context, values);
  const apiKey = await givenKey(context, values);
  config.checkWritable();
  if (values['skip-verify']) {
    const profile: KeyProfile = { apiKey, type: profileTypeOf(apiKey), baseUrl: server.baseUrl };
    return writeSaved(context, profile, saveProfile(context, profile, values.name, loginName), values);
  }
  if (!values.json) terminal.err.line('\nVerifying API key...');
  const answer = await apiOf(context, server, { kind: 'key', apiKey }).call('keys.whoami', {});
  if (answer.success) {
    // What was sent as a key is never answered as a session.
    const profile = verifiedProfile(apiKey, server.baseUrl, answer.data as WhoseKey);
    return writeSaved(context, profile, saveProfile(context, profile, values.name, loginName), values);
  }
  if (values.json) return reportFailure(terminal, answer, true);
  terminal.err.line('\n✗ API key verification failed');
  writeFailure(terminal, answer);
  return 1;
}
