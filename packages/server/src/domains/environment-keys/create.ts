import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { type KeyDeps, type Principal, requireMember, restrictionsWithin, unbound } from '../keys/index.ts';
import { lockWorkspace, type Place, requireWorkspace, workspaceNotFound } from '../workspaces/index.ts';
import { refuseGreaterLevel } from './authority.ts';
import { maxActiveKeys } from './environment-keys.rules.ts';
import { countValid } from './environment-keys.sql.ts';
import { mintEnvironmentKey } from './mint.ts';

/** The workspace, held until the transaction ends, so that whoever deletes it finds the key that is made in it. */
async function holdWorkspace(trx: Writer, place: Place, slug: string) {
  const { id } = await requireWorkspace(trx, place, slug);
  if (!(await lockWorkspace(trx, id))) throw workspaceNotFound(slug);
  return { id, slug };
}

async function refuseSixth(
  trx: Writer,
  place: Place,
  workspaceId: string | null,
  now: number,
): Promise<void> {
  if ((await countValid(trx, place, workspaceId, now)) < maxActiveKeys) return;
  const code = workspaceId === null ? 'ORGANIZATION_KEY_LIMIT' : 'WORKSPACE_KEY_LIMIT';
  throw new LatchkeyError(code, { details: { limit: maxActiveKeys } });
}

/**
 * Creates an environment key. The organization is held from the start: what the caller may hand out and how many
 * keys there are cannot change before the key is there. Checks in the order of contract/culvii.md D.1.
 */
export async function createEnvironmentKey(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'environmentKeys.create'>,
): Promise<Output<'environmentKeys.create'>> {
  const { organizationId, environment, name, level, description = '' } = input;
  const place = { organizationId, environment };
  const now = deps.clock.now();
  const restrictions = restrictionsWithin(input, unbound);
  return deps.store.write(async (trx) => {
    const member = await requireMember(deps, trx, principal, organizationId, now);
    const workspace = input.workspace === undefined ? null : await holdWorkspace(trx, place, input.workspace);
    const workspaceId = workspace?.id ?? null;
    deps.audit.about({ workspace: workspace?.slug ?? null });
    await refuseGreaterLevel(trx, member, workspaceId, level);
    await refuseSixth(trx, place, workspaceId, now);
    const minterId = member.userId;
    const wanted = { place, minterId, name, description, workspace, level, restrictions };
    const minted = await mintEnvironmentKey(trx, deps, { ...wanted, rotatedFrom: null }, now);
    const details = { name, level, fingerprint: minted.fingerprint };
    await deps.audit.record(trx, { organizationId, id: minted.keyId, details });
    return minted;
  });
}
