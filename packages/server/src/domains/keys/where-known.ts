import type { Writer } from '../../storage/index.ts';
import type { ChangedKey } from '../revocation/index.ts';
import { holdMembershipsOf, type KeyRow } from './keys.sql.ts';

/**
 * A key that is being changed, once for each organization whose verifiers may know it: that of the key, or those of the
 * person that it is. Nobody makes them a member elsewhere until the transaction ends. Verifiers know no admin keys.
 * Call it before anything is recorded of the change: the head of a chain is the last row that is taken.
 */
export async function whereKnown(
  trx: Writer,
  row: Pick<KeyRow, 'id' | 'family' | 'organization_id' | 'user_id'>,
): Promise<ChangedKey[]> {
  const { id: keyId, family, organization_id: organizationId, user_id: userId } = row;
  if (family !== 'personal' || userId === null) return [{ keyId, organizationId }];
  const organizationIds = await holdMembershipsOf(trx, userId);
  if (organizationIds.length === 0) return [{ keyId, organizationId: null }];
  return organizationIds.map((each) => ({ keyId, organizationId: each }));
}
