import { LatchkeyError, type Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Audited } from '../audit/index.ts';
import { type AuthenticatedKey, findById, revokedAtOf } from '../keys/index.ts';
import type { EndingDeps } from './deps.ts';
import { endKey } from './end-key.ts';

/**
 * Ends the key that this is called with, whatever it may do besides; once this resolves, no request with it is
 * accepted. Of any number of calls at once each answers the first time.
 */
export async function revokeOwn(
  deps: EndingDeps & Audited,
  { row }: AuthenticatedKey,
): Promise<Output<'keys.revokeOwn'>> {
  const { id, organization_id: organizationId, environment } = row;
  deps.audit.about({ id, environment });
  const revokedAt = await deps.store.write(async (trx) => {
    const now = deps.clock.now();
    const isRevoked = await endKey(trx, row, now);
    if (isRevoked) {
      await deps.audit.record(trx, { organizationId, id, environment, details: { name: row.name } });
      return now;
    }
    const key = await findById(trx, id);
    return key && revokedAtOf(key, now);
  });
  if (revokedAt === undefined)
    throw new LatchkeyError('INTERNAL', { internal: 'a key is neither there nor ended' });
  return { keyId: id, revokedAt: toIso(revokedAt) };
}
