import { describe, expect, it } from 'vitest';
import {
  allScopes,
  defaultScopes,
  isScope,
  levels,
  managesKeys,
  organizationScopes,
  roles,
  scopesOfLevel,
  scopesOfRole,
} from './permissions.ts';

const readOnly = ['projects:read', 'executions:read', 'instances:read', 'skills:read'];
const runner = [...readOnly, 'workflows:trigger'];
const developer = [
  ...runner,
  'deploy:use-case',
  'projects:create',
  'instances:manage',
  'integrations:manage',
];
const admin = [...developer, 'api-keys:manage'];

describe('scopes', () => {
  it('that a sign-up grants are the ten, in the order in which it returns them', () => {
    expect(defaultScopes).toEqual([
      'deploy:use-case',
      'projects:create',
      'workflows:trigger',
      'executions:read',
      'instances:read',
      'instances:manage',
      'skills:read',
      'integrations:manage',
      'api-keys:manage',
      'projects:read',
    ]);
  });

  it('never let an organization key create organizations', () => {
    expect(organizationScopes).not.toContain('organizations:create');
    expect(allScopes).toContain('organizations:create');
  });

  it.each([
    'deploy:data-ingestion',
    'toString',
    '__proto__',
    '',
    'DEPLOY:USE-CASE',
  ])('do not include %j', (name) => {
    expect(isScope(name)).toBe(false);
  });

  it('are recognised by name', () => {
    expect(allScopes.every(isScope)).toBe(true);
  });
});

describe('levels', () => {
  it.each([
    ['read-only', readOnly],
    ['runner', runner],
    ['developer', developer],
    ['admin', admin],
  ] as const)('%s contains exactly its scopes', (level, expected) => {
    expect([...scopesOfLevel(level)].sort()).toEqual([...expected].sort());
  });

  it('contain all of the level before, in table order', () => {
    for (const [index, level] of levels.entries()) {
      const held = scopesOfLevel(level);
      const before = levels[index - 1];
      if (before !== undefined) expect(held).toEqual(expect.arrayContaining([...scopesOfLevel(before)]));
      expect(held).toEqual(allScopes.filter((scope) => held.includes(scope)));
    }
  });

  it('end with everything that an organization key can hold', () => {
    expect(scopesOfLevel('admin')).toEqual(defaultScopes);
  });
});

describe('roles', () => {
  it('grant what the level of the same name grants, and an owner what an admin has', () => {
    for (const level of levels) expect(scopesOfRole(level)).toEqual(scopesOfLevel(level));
    expect(scopesOfRole('owner')).toEqual(scopesOfLevel('admin'));
  });

  it('let owners and admins manage keys, and nobody else', () => {
    expect(roles.filter(managesKeys)).toEqual(['owner', 'admin']);
  });
});
