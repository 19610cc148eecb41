import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { type Context, defineCommand, UsageError } from '../../command.ts';
import { reportFailure } from '../../failure.ts';
import { apiFlags } from '../../flags.ts';
import { requireIdentity } from '../../identity.ts';
import { clean, shellWord, writeHeading, writeJson, writeLabels } from '../../output.ts';
import { resolveServer } from '../../server-address.ts';
import { writeReceipt } from '../receipt-text.ts';

/** Tells apart a person who said no from one who could not be asked. */
async function isAgreed({ terminal }: Context, keyId: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!terminal.isInteractive) throw new UsageError('Revoking is final. Without a terminal it needs --yes.');
  return terminal.confirm(`Revoke the key ${clean(keyId)}? This is final.`);
}

function hintAtProfile({ config, terminal }: Context, keyId: string): void {
  const holder = [...config.read().profiles].find(
    ([, profile]) => profile.type !== 'session' && profile.keyId === keyId,
  );
  if (holder === undefined) return;
  const name = shellWord(holder[0]);
  terminal.err.line(
    `  The profile "${clean(holder[0])}" holds this key. Remove it: latchkey logout ${name}\n`,
  );
}

export const command = defineCommand({
  summary: 'Revoke a key, for ever',
  flags: {
    'key-id': { value: '<id>', summary: 'Key to revoke', required: true },
    yes: { summary: 'Do not ask' },
    ...apiFlags,
  },
  notes: [
    'The key is refused from the moment this command answers. A key may revoke itself;',
    'another key needs the scope api-keys:manage and the role owner or admin.',
  ],
  examples: [
    'latchkey organization revoke-key --key-id abc123',
    'latchkey organization revoke-key --key-id abc123 --yes --json',
  ],
  async run(context, values) {
    const { terminal } = context;
    const keyId = values['key-id'];
    const identity = await requireIdentity(context, values);
    const server = resolveServer(context, values);
    if (!(await isAgreed(context, keyId, values.yes))) {
      terminal.err.line('Nothing was revoked.');
      return 1;
    }
    const answer = await apiOf(context, server, identity).call('keys.revoke', { keyId });
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    if (values.json) {
      writeJson(terminal.out, bodyOf(answer));
      return 0;
    }
    writeHeading(terminal.out, 'API key revoked');
    writeLabels(terminal.out, [
      ['Key ID', answer.data.keyId],
      ['Revoked', answer.data.revokedAt],
    ]);
    terminal.out.line('');
    writeReceipt(terminal, answer.data.receipt);
    hintAtProfile(context, keyId);
    return 0;
  },
});
