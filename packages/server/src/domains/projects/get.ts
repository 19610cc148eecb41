import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Reader } from '../../storage/index.ts';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { requireSeen, type Standing, standingIn } from '../sharing/index.ts';
import { findProject, newestInstance, type ProjectRow } from './projects.sql.ts';
import { shownProject } from './shown.ts';

/** Every project has two stages, and stays in the first: documents of stages move it on. */
const stages = { stageCount: 2, currentStage: 1 };

/**
 * A project that the caller may see, and what they are in its organization; their key or session has been found live.
 * Throws `PROJECT_NOT_FOUND`, `ORGANIZATION_MISMATCH` and `NOT_SHARED`.
 */
export async function requireProject(
  db: Reader,
  principal: Principal,
  projectId: string,
): Promise<{ project: ProjectRow; standing: Standing }> {
  const project = await findProject(db, projectId);
  if (project === undefined) throw new LatchkeyError('PROJECT_NOT_FOUND');
  const standing = await standingIn(db, principal, project.organization_id, 'PROJECT_NOT_FOUND');
  requireSeen(standing, { ownerId: project.created_by, withEveryone: false });
  return { project, standing };
}

/** Reads a project. Its process has the id of the project (contract/codika.md H.1, 1). */
export async function getProject(
  deps: KeyDeps,
  principal: Principal,
  { projectId }: Input<'projects.get'>,
): Promise<Output<'projects.get'>> {
  const { db } = deps.store;
  await requireLive(deps, db, principal, deps.clock.now());
  const { project } = await requireProject(db, principal, projectId);
  const newest = await newestInstance(db, projectId);
  return {
    ...shownProject(project),
    processId: newest === undefined ? null : projectId,
    currentDeployment:
      newest === undefined ? null : { version: newest.version, deployedAt: toIso(newest.created_at) },
    ...stages,
  };
}
