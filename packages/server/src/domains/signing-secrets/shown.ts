import type { Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import type { SigningSecretRow } from './signing-secrets.sql.ts';

/** A signing secret as answers show it: never the secret. */
export function shownSecret(row: SigningSecretRow): Output<'signingSecrets.add'> {
  return {
    signingSecretId: row.id,
    workflowId: row.workflow_id,
    scheme: row.scheme,
    label: row.label,
    state: row.retired_at === null ? 'active' : 'retired',
    createdAt: toIso(row.created_at),
    retiredAt: isoOrNull(row.retired_at),
  };
}
