export { createWorkspace } from './create.ts';
export { deleteWorkspace } from './delete.ts';
export { listOfEnvironment } from './list.ts';
export { requireWorkspace, workspaceNotFound } from './require-workspace.ts';
export { setLevel } from './set-level.ts';
export { levelInWorkspace, levelTenantWide } from './workspaces.rules.ts';
export { grantedLevel, lockWorkspace, type Place, slugOf, takeGrantsIn } from './workspaces.sql.ts';
