import { once } from './entry.ts';

/** Errors of workspaces. */
export const workspaceEntries = {
  WORKSPACE_NOT_FOUND: {
    status: 404,
    message: 'Workspace not found: {slug}',
    nextAction: 'List the workspaces of this environment: `latchkey workspace list`.',
    ...once,
  },
  INVALID_SLUG: {
    status: 400,
    message: 'Invalid slug format. Must match ^[a-z0-9][a-z0-9-]{0,62}$',
    nextAction: 'Use up to 63 lower-case letters, digits and hyphens, a letter or digit first.',
    ...once,
  },
  SLUG_TAKEN: {
    status: 409,
    message: "Slug '{slug}' is already taken in this org.",
    nextAction: 'Choose another slug, or use the workspace that has it.',
    ...once,
  },
} as const;
