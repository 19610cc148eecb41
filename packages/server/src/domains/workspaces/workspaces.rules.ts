import { isAtLeast, type Level, levelOfRole, type Role } from '@latchkey/protocol';

/**
 * What a member may do in a workspace: the greater of what their role stands for and what they are granted there.
 *
 * A role holds everywhere in the organization, which is what makes a tenant-wide key safe to mint at its level: the
 * key reaches no workspace at a level that its minter does not have (docs/decisions/0006-environment-keys.md).
 */
export function levelInWorkspace(role: Role, granted: Level | undefined): Level {
  const held = levelOfRole(role);
  return granted !== undefined && isAtLeast(granted, held) ? granted : held;
}

/** What a member may do outside of any workspace: grants in single workspaces do not count. */
export function levelTenantWide(role: Role): Level {
  return levelOfRole(role);
}
