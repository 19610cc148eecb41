import type { Output } from '@latchkey/protocol';

/** A workspace of the organization. */
export type Workspace = Output<'workspaces.list'>['workspaces'][number];
