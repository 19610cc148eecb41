/**
 * What a key may be allowed to do, and which roles and levels contain which of it.
 *
 * Free of dependencies: the command line reads it without loading a schema library.
 */

/** One capability, as it is written on the wire. */
export interface ScopeInfo {
  readonly description: string;
  /** False for scopes that an organization key can never hold. */
  readonly grantableToOrganizationKey: boolean;
}

/**
 * Every scope, in the order in which a sign-up returns the ten default ones.
 *
 * `organizations:create` exists for personal and admin keys only (contract/codika.md B.3).
 */
export const scopes = {
  'deploy:use-case': {
    description: 'Deploy use cases, upload documents, and read metadata',
    grantableToOrganizationKey: true,
  },
  'projects:create': { description: 'Create new projects via API', grantableToOrganizationKey: true },
  'workflows:trigger': {
    description: 'Trigger workflows and poll execution status',
    grantableToOrganizationKey: true,
  },
  'executions:read': { description: 'List and read execution details', grantableToOrganizationKey: true },
  'instances:read': { description: 'Read process instance details', grantableToOrganizationKey: true },
  'instances:manage': {
    description: 'Activate, deactivate, and manage instances',
    grantableToOrganizationKey: true,
  },
  'skills:read': { description: 'Download agent skill documents', grantableToOrganizationKey: true },
  'integrations:manage': {
    description: 'Create, delete, and list integrations',
    grantableToOrganizationKey: true,
  },
  'api-keys:manage': {
    description: 'Create, update, and manage organization API keys',
    grantableToOrganizationKey: true,
  },
  'projects:read': { description: 'List and inspect project details', grantableToOrganizationKey: true },
  'organizations:create': {
    description: 'Create organizations (personal and admin keys only)',
    grantableToOrganizationKey: false,
  },
  'keys:verify': {
    description: 'Verify keys of the organization that others present',
    grantableToOrganizationKey: true,
  },
} as const satisfies Record<string, ScopeInfo>;

export type Scope = keyof typeof scopes;

/** All scopes, in table order. */
export const allScopes = Object.keys(scopes) as readonly Scope[];

/** The scopes that an organization key can hold. */
export const organizationScopes: readonly Scope[] = allScopes.filter(
  (scope) => scopes[scope].grantableToOrganizationKey,
);

/** The ten scopes that a sign-up grants, in this order (contract/codika.md B.3). */
export const defaultScopes: readonly Scope[] = organizationScopes.filter((scope) => scope !== 'keys:verify');

/** Says whether a string names a scope. */
export function isScope(value: string): value is Scope {
  return Object.hasOwn(scopes, value);
}

/** Ordered levels: each contains all of the one before it (design/product.md, "Levels as capability sets"). */
export const levels = ['read-only', 'runner', 'developer', 'admin'] as const;
export type Level = (typeof levels)[number];

/** Whether a level contains all of another; every level contains itself. */
export function isAtLeast(level: Level, other: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(other);
}

const addedByLevel: Record<Level, readonly Scope[]> = {
  'read-only': ['projects:read', 'executions:read', 'instances:read', 'skills:read'],
  runner: ['workflows:trigger'],
  developer: ['deploy:use-case', 'projects:create', 'instances:manage', 'integrations:manage'],
  admin: ['api-keys:manage'],
};

/** The scopes that a level contains, in table order. */
export function scopesOfLevel(level: Level): readonly Scope[] {
  const held = new Set(levels.slice(0, levels.indexOf(level) + 1).flatMap((each) => addedByLevel[each]));
  return allScopes.filter((scope) => held.has(scope));
}

/** Roles that a member holds in an organization, greatest first. */
export const roles = ['owner', 'admin', 'developer', 'runner', 'read-only'] as const;
export type Role = (typeof roles)[number];

/** The level that a role stands for; an owner's is that of an admin. */
export function levelOfRole(role: Role): Level {
  return role === 'owner' ? 'admin' : role;
}

/** Whether a role is worth as much as another, or more: roles are listed greatest first. */
export function isRoleAtLeast(role: Role, other: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(other);
}

/** The scopes that a member of this role may use and hand out; an owner has what an admin has. */
export function scopesOfRole(role: Role): readonly Scope[] {
  return scopesOfLevel(levelOfRole(role));
}

/**
 * What may be handed out by whoever holds these scopes: themselves, and `keys:verify` by whoever manages keys, who can
 * list all of them already.
 */
export function grantableBy(held: readonly Scope[]): Set<Scope> {
  return new Set(held.includes('api-keys:manage') ? [...held, 'keys:verify'] : held);
}

/** Roles that may manage the keys of an organization (contract/codika.md A.4). */
export function managesKeys(role: Role): boolean {
  return role === 'owner' || role === 'admin';
}
