import type { Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Audited } from '../audit/index.ts';
import { type AuthenticatedKey, changeKeys, findById, revokedAtOf, whereKnown } from '../keys/index.ts';
import type { EndingDeps } from './deps.ts';
import { endKey } from './end-key.ts';

/**
 * Ends the key that this is called with, whatever it may do besides; once this resolves, nobody accepts it any
 * more. Of any number of calls at once each answers the first time.
 */
export async function revokeOwn(
  deps: EndingDeps & Audited,
  { row }: AuthenticatedKey,
): Promise<Output<'keys.revokeOwn'>> {
  const { id, organization_id: organizationId, environment } = row;
  deps.audit.about({ id, environment });
  const { answer: revokedAt, receipt } = await changeKeys(deps, async (trx) => {
    const now = deps.clock.now();
    const isEnded = await endKey(trx, row, now);
    const changed = await whereKnown(trx, row);
    if (isEnded) {
      await deps.audit.record(trx, { organizationId, id, environment, details: { name: row.name } });
      return { answer: now, changed };
    }
    const ended = await findById(trx, id);
    return { answer: ended && revokedAtOf(ended, now), changed };
  });
  if (revokedAt === undefined) throw new Error('a key that was verified is there, or has ended');
  return { keyId: id, revokedAt: toIso(revokedAt), ...(receipt && { receipt }) };
}
