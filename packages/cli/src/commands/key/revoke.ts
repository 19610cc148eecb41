import type { Output } from '@latchkey/protocol';
import { agreed, checkCanAsk, yesFlag } from '../../agreement.ts';
import { bodyOf } from '../../body-of.ts';
import { type Context, defineCommand } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import { sessionFlags } from '../../flags.ts';
import { clean, writeJson, writeWarning } from '../../output.ts';
import { inPlace, type Place } from '../../place.ts';
import { writeReceipt } from '../receipt-text.ts';
import { instantText } from './texts.ts';
import { checkWhich, whichKey } from './which.ts';

/** With `dryRun` it only says which key is meant, and refuses who may not revoke it, before anybody is asked. */
function revoke({ api, organizationId, environment }: Place, key: string, dryRun: boolean) {
  return api.call('environmentKeys.revoke', { organizationId, environment, key, dryRun });
}

type Revoked = Output<'environmentKeys.revoke'>;

async function isAgreed(context: Context, { name, fingerprint, revokedAt }: Revoked): Promise<boolean> {
  if (revokedAt !== null) return true;
  return agreed(context, `Revoke key "${clean(name)}" (${clean(fingerprint)})?`, false);
}

function warnOfPredecessor({ terminal }: Context, { predecessor }: Revoked): void {
  if (predecessor === null) return;
  const { fingerprint, endsAt } = predecessor;
  writeWarning(
    terminal.err,
    `The key that it replaced (${clean(fingerprint)}) still ends at ${instantText(clean(endsAt))}.`,
  );
}

export const command = defineCommand({
  summary: 'Revoke an environment key, for ever',
  argument: whichKey,
  flags: { ...yesFlag, ...sessionFlags },
  notes: ['The key is refused from the moment this command answers. Its record is kept.'],
  examples: ['latchkey key revoke github-actions-deploy', 'latchkey key revoke a3f9...8c2d --yes --json'],
  run(context, values, argument = '') {
    const { terminal } = context;
    const key = checkWhich(argument);
    checkCanAsk(context, values.yes);
    return inPlace(context, values, async (place) => {
      let meant = key;
      if (!values.yes) {
        const looked = await revoke(place, key, true);
        if (!looked.success) return reportRefusal(terminal, looked, values.json);
        if (!(await isAgreed(context, looked.data))) return 1;
        // A name may mean another key by now; the person has agreed to this one.
        meant = looked.data.fingerprint;
      }
      const answer = await revoke(place, meant, false);
      if (!answer.success) return reportRefusal(terminal, answer, values.json);
      warnOfPredecessor(context, answer.data);
      if (values.json) {
        writeJson(terminal.out, bodyOf(answer));
        return 0;
      }
      terminal.out.line('Key revoked.');
      writeReceipt(terminal, answer.data.receipt);
      return 0;
    });
  },
});
