import { agreed, checkCanAsk, yesFlag } from '../../agreement.ts';
import { apiOf } from '../../api.ts';
import { bodyOf } from '../../body-of.ts';
import { defineCommand, UsageError } from '../../command.ts';
import { reportFailure } from '../../failure.ts';
import { callFlags } from '../../flags.ts';
import { requireIdentity } from '../../identity.ts';
import { clean, writeJson } from '../../output.ts';
import { resolveServer } from '../../server-address.ts';
import { writeReceipt } from '../receipt-text.ts';

export const command = defineCommand({
  summary: 'Revoke the key in use, for ever',
  flags: { ...yesFlag, ...callFlags },
  notes: [
    'For whoever holds a key of any family and nothing else: no scope and no role is needed. The key is that',
    'of --api-key, LATCHKEY_API_KEY or the profile; a session ends by latchkey logout.',
  ],
  examples: [
    'latchkey key revoke-own',
    'latchkey key revoke-own --profile ci --yes',
    'latchkey key revoke-own --api-key - --yes --json < old-key.txt',
  ],
  async run(context, values) {
    const { terminal } = context;
    checkCanAsk(context, values.yes);
    const identity = await requireIdentity(context, values);
    if (identity.kind === 'session') {
      throw new UsageError(
        'A session is in use, and no key. End it with `latchkey logout`, or give --api-key.',
      );
    }
    const question = `Revoke the key of ${clean(identity.source)}? This is final.`;
    if (!(await agreed(context, question, values.yes))) return 1;
    const answer = await apiOf(context, resolveServer(context, values), identity).call('keys.revokeOwn', {});
    if (!answer.success) return reportFailure(terminal, answer, values.json);
    if (values.json) {
      writeJson(terminal.out, bodyOf(answer));
      return 0;
    }
    const { keyId, revokedAt, receipt } = answer.data;
    terminal.out.line(`Key ${clean(keyId)} revoked ${clean(revokedAt)}.`);
    writeReceipt(terminal, receipt);
    return 0;
  },
});
