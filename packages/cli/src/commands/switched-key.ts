import { apiOf } from '../api.ts';
import { bodyOf } from '../body-of.ts';
import type { Context, Values } from '../command.ts';
import { reportFailure } from '../failure.ts';
import { apiFlags } from '../flags.ts';
import { requireIdentity } from '../identity.ts';
import { writeHeading, writeJson, writeLabels } from '../output.ts';
import { resolveServer } from '../server-address.ts';
import { writeReceipt } from './receipt-text.ts';

/** Of both switches of a key that belongs to an organization or a person. */
export const switchKeyFlags = {
  'key-id': { value: '<id>', summary: 'Key that is meant', required: true },
  ...apiFlags,
} as const;

/** Disables or enables a key by its id; answers the exit code. */
export async function switchKey(
  context: Context,
  values: Values<typeof switchKeyFlags>,
  operation: 'keys.disable' | 'keys.enable',
): Promise<number> {
  const { terminal } = context;
  const identity = await requireIdentity(context, values);
  const api = apiOf(context, resolveServer(context, values), identity);
  const answer = await api.call(operation, { keyId: values['key-id'] });
  if (!answer.success) return reportFailure(terminal, answer, values.json);
  if (values.json) {
    writeJson(terminal.out, bodyOf(answer));
    return 0;
  }
  const { keyId, state, receipt } = answer.data;
  writeHeading(terminal.out, `API key ${operation === 'keys.disable' ? 'disabled' : 'enabled'}`);
  writeLabels(terminal.out, [
    ['Key ID', keyId],
    ['State', state],
  ]);
  terminal.out.line('');
  if (operation === 'keys.disable') writeReceipt(terminal, receipt);
  return 0;
}
