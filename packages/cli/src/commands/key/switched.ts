import { bodyOf } from '../../body-of.ts';
import type { Context, Values } from '../../command.ts';
import { reportRefusal } from '../../failure.ts';
import type { sessionFlags } from '../../flags.ts';
import { clean, writeJson } from '../../output.ts';
import { inPlace } from '../../place.ts';
import { writeReceipt } from '../receipt-text.ts';
import { checkWhich } from './which.ts';

/** Disables or enables an environment key; answers the exit code. */
export function switchEnvironmentKey(
  context: Context,
  values: Values<typeof sessionFlags>,
  which: string,
  operation: 'environmentKeys.disable' | 'environmentKeys.enable',
): Promise<number> {
  const key = checkWhich(which);
  return inPlace(context, values, async ({ api, organizationId, environment }) => {
    const { terminal } = context;
    const answer = await api.call(operation, { organizationId, environment, key });
    if (!answer.success) return reportRefusal(terminal, answer, values.json);
    const { name, fingerprint, state, receipt } = answer.data;
    if (values.json) {
      writeJson(terminal.out, bodyOf(answer));
      return 0;
    }
    terminal.out.line(`Key "${clean(name)}" (${clean(fingerprint)}) is ${clean(state)}.`);
    if (operation === 'environmentKeys.disable') writeReceipt(terminal, receipt);
    return 0;
  });
}
