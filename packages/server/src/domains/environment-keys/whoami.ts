import type { Input, Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import { decodeScopes } from '../../storage/index.ts';
import type { AuthenticatedKey, KeyDeps, VerifiedRow } from '../keys/index.ts';
import { requireWorkspace, slugOf } from '../workspaces/index.ts';
import { requireLevel, requireReach } from './reach.ts';

type WhoAmI = Output<'environmentKeys.whoami'>;

/** What every environment key has; the columns are there for other families too. */
function identityOf({ organization_id, environment, level, fingerprint }: VerifiedRow) {
  if (organization_id === null || environment === null || level === null || fingerprint === null) {
    throw new Error('not an environment key');
  }
  return { organizationId: organization_id, environment, level, fingerprint };
}

/**
 * Says whose key it is, once it reaches the workspace and has the level that are asked for. That it belongs to the
 * environment has been checked with the key itself.
 */
export async function whoamiOfEnvironment(
  { store: { db } }: Pick<KeyDeps, 'store'>,
  key: AuthenticatedKey,
  input: Input<'environmentKeys.whoami'>,
): Promise<WhoAmI> {
  const { row, organizationName } = key;
  const identity = identityOf(row);
  if (input.workspace !== undefined) {
    const { id } = await requireWorkspace(db, identity, input.workspace);
    requireReach(row, id, input.workspace);
  }
  if (input.level !== undefined) requireLevel(key, input.level);
  return {
    ...identity,
    organizationName: organizationName ?? '',
    workspace: row.workspace_id === null ? null : await slugOf(db, row.workspace_id),
    keyId: row.id,
    keyName: row.name,
    scopes: decodeScopes(row.scopes),
    createdAt: toIso(row.created_at),
    endsAt: isoOrNull(row.ends_at),
  };
}
