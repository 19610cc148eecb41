import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { type AuthenticatedKey, type Credential, type KeyDeps, requireMember } from '../keys/index.ts';
import { type Place, requireWorkspace } from '../workspaces/index.ts';
import { listKeys } from './environment-keys.sql.ts';
import { requireLevel, requireReach } from './reach.ts';
import { shownKey } from './shown.ts';

/** An environment key of the level admin may read what lies within its own reach. */
function requireReader(key: AuthenticatedKey, { organizationId }: Place): void {
  requireLevel(key, 'admin');
  if (key.row.organization_id !== organizationId) throw new LatchkeyError('ORGANIZATION_NOT_FOUND');
}

/** The workspace that the list is of: the one that is asked for, or the one that the asking key is restricted to. */
async function workspaceOf(
  db: Reader,
  place: Place,
  credential: Credential,
  slug: string | undefined,
): Promise<string | undefined> {
  const row = credential.kind === 'key' ? credential.row : undefined;
  if (slug === undefined) return row?.workspace_id ?? undefined;
  const { id } = await requireWorkspace(db, place, slug);
  if (row !== undefined) requireReach(row, id, slug);
  return id;
}

/** The environment keys of an environment, newest first, without anything of their secrets. */
export async function listEnvironmentKeys(
  deps: KeyDeps,
  credential: Credential,
  input: Input<'environmentKeys.list'>,
): Promise<Output<'environmentKeys.list'>> {
  const { db } = deps.store;
  const now = deps.clock.now();
  if (credential.kind === 'key') requireReader(credential, input);
  else await requireMember(deps, db, credential.principal, input.organizationId, now);
  const rows = await listKeys(db, input, {
    workspaceId: await workspaceOf(db, input, credential, input.workspace),
    validAt: input.state === 'active' ? now : undefined,
    before: input.cursor,
    limit: input.limit + 1,
  });
  const page = rows.slice(0, input.limit);
  const nextCursor = rows.length > page.length ? (page.at(-1)?.id ?? null) : null;
  return { keys: page.map((row) => shownKey(deps, row, now)), nextCursor };
}
