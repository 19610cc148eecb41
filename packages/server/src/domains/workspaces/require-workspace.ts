import { LatchkeyError } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { findWorkspace, type Place, type WorkspaceRow } from './workspaces.sql.ts';

/** The refusal for a workspace that is not there, or not there for the caller. */
export function workspaceNotFound(slug: string): LatchkeyError {
  // Digits alone could be an emailed code in the wrong place.
  const shown = /^[0-9]+$/.test(slug) ? '(not shown)' : slug;
  return new LatchkeyError('WORKSPACE_NOT_FOUND', { fill: { slug: shown } });
}

/** The live workspace that has this slug; that the caller belongs to the organization has been checked. */
export async function requireWorkspace(db: Reader, place: Place, slug: string): Promise<WorkspaceRow> {
  const workspace = await findWorkspace(db, place, slug);
  if (workspace === undefined) throw workspaceNotFound(slug);
  return workspace;
}
