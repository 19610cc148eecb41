import { keyPrefixOf, parseKey } from '@latchkey/keys';
import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { type Context, defineCommand, UsageError } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { baseUrlFlag, jsonFlag } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { secretOfFile } from '../../secret.ts';
import { resolveServer } from '../../server-address.ts';

async function typedKey({ terminal }: Context): Promise<string> {
  if (!terminal.isInteractive) {
    throw new UsageError(
      'No terminal to ask for the key. Give --key-file <file>, or --key-file - (standard input).',
    );
  }
  return (await terminal.askSecret('Key that was found'))?.trim() ?? '';
}

/** What cannot be a key is not sent; the message does not repeat it. */
async function leakedKeyOf(context: Context, file: string | undefined): Promise<string> {
  const key = file === undefined ? await typedKey(context) : await secretOfFile(context, '--key-file', file);
  if (!parseKey(key).ok) throw new UsageError('That is not a whole key: its checksum is wrong.');
  return key;
}

export const command = defineCommand({
  summary: 'Report a key that was found in the open: it is revoked, for ever',
  flags: {
    'key-file': {
      value: '<file>',
      summary: 'File that holds the key, - for standard input (default: asked)',
      completes: 'files',
      input: true,
    },
    'found-at': { value: '<where>', summary: 'Where it was found; its owner is told' },
    ...baseUrlFlag,
    ...jsonFlag,
  },
  notes: [
    'Takes a key of any family, and needs nothing but the key: whoever has found it can end it. The server tells the owner by mail.',
    'To find keys in files and report them at once: latchkey scan <path> --report',
  ],
  examples: [
    'latchkey key report-leaked',
    'pbpaste | latchkey key report-leaked --key-file - --found-at https://forum.example.com/t/4711',
  ],
  async run(context, { 'key-file': file, 'found-at': foundAt, json, ...address }) {
    const { out } = context.terminal;
    const server = resolveServer(context, address);
    const key = await leakedKeyOf(context, file);
    const answer = await apiOf(context, server).call('keys.reportLeaked', { key, foundAt });
    if (!answer.success) return reportRefusal(context.terminal, answer, json);
    const { revoked, revokedAt } = answer.data;
    if (json) writeJson(out, bodyOf(answer));
    else if (revoked)
      out.line(`Key ${keyPrefixOf(key)} revoked ${clean(revokedAt ?? '')}. Its owner is told.`);
    else out.line(`Key ${keyPrefixOf(key)} does not work at ${server.baseUrl}: it never did, or has ended.`);
    return 0;
  },
});
