import { once } from './entry.ts';

/** Errors of environment keys. */
export const environmentKeyEntries = {
  NAME_REQUIRED: {
    status: 400,
    message: 'Name is required.',
    nextAction: 'Give a name that is not empty: `--name <name>`.',
    ...once,
  },
  INVALID_LEVEL: {
    status: 400,
    message: 'Invalid scope. Valid values: admin, developer, runner, read-only',
    nextAction: 'Give one of these, as written here.',
    ...once,
  },
  LEVEL_ESCALATION: {
    status: 403,
    message: 'Cannot mint a key with greater scope than your own.',
    nextAction: 'Ask for a lower scope, or have an owner or admin mint the key.',
    ...once,
  },
  WORKSPACE_KEY_LIMIT: {
    status: 409,
    message: 'Workspace has {limit} active keys. Revoke one before creating another.',
    nextAction: 'List the keys and revoke one: `latchkey key list`, `latchkey key revoke <fingerprint>`.',
    ...once,
  },
  ORGANIZATION_KEY_LIMIT: {
    status: 409,
    message: 'Tenant has {limit} active tenant-wide keys. Revoke one before creating another.',
    nextAction: 'List the keys and revoke one: `latchkey key list`, `latchkey key revoke <fingerprint>`.',
    ...once,
  },
  ENVIRONMENT_KEY_NOT_FOUND: {
    status: 404,
    message: 'Key not found.',
    nextAction: 'List the keys of this environment: `latchkey key list`.',
    ...once,
  },
  KEY_NAME_AMBIGUOUS: {
    status: 409,
    message: 'Key name is ambiguous. Use a fingerprint.',
    nextAction: 'Pick one of the fingerprints in `details.candidates`.',
    ...once,
  },
  NOT_KEY_MANAGER: {
    status: 403,
    message: "Only a tenant admin or the key's creator can {action} it.",
    nextAction: 'Ask an owner or admin of the organization, or whoever created the key.',
    ...once,
  },
  CANNOT_ROTATE_REVOKED: {
    status: 409,
    message: 'Cannot rotate a revoked key. Create a new key instead.',
    nextAction: 'Create a new key: `latchkey key create --name <name>`.',
    ...once,
  },
  ALREADY_ROTATING: {
    status: 409,
    message: 'Key is already being rotated.',
    nextAction: 'Wait until the old key has ended, or revoke it, then rotate again.',
    ...once,
  },
} as const;
