import type { Output } from '@latchkey/protocol';
import { type Label, localDate } from '../../output.ts';

/** A signing secret without the secret. */
export type SigningSecret = Output<'signingSecrets.add'>;

/** The lines about one. */
export function signingSecretLabels(secret: SigningSecret): Label[] {
  const { signingSecretId, workflowId, scheme, label, state, createdAt, retiredAt } = secret;
  return [
    ['Signing Secret ID', signingSecretId],
    ['Workflow', workflowId],
    ['Scheme', scheme],
    ['Label', label === '' ? undefined : label],
    ['State', state],
    ['Created', localDate(createdAt)],
    ['Retired', retiredAt ?? undefined],
  ];
}
