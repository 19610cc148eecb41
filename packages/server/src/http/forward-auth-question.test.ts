import { describe, expect, it } from 'vitest';
import { createQuestionReader } from './forward-auth-question.ts';

describe('what a proxy asks', () => {
  const read = createQuestionReader();

  it('is what its query says', () => {
    const query =
      'organization=org-1&scope=projects%3Aread&scope=instances:read&any_scope=a&environment=prod&workspace=payments&resource=%2Freports%2F1&audience=https://site.example&nginx=1';
    expect(read(query)).toEqual({
      organizationId: 'org-1',
      question: {
        allScopes: ['projects:read', 'instances:read'],
        anyScope: ['a'],
        environment: 'prod',
        workspace: 'payments',
        resource: '/reports/1',
      },
      isResourceThePath: false,
      audience: 'https://site.example',
      isNginx: true,
    });
  });

  it('can be the organization alone', () => {
    expect(read('organization=org-1')).toEqual({
      organizationId: 'org-1',
      question: {},
      isResourceThePath: false,
      audience: undefined,
      isNginx: false,
    });
    expect(read('organization=org-1&resource_from=path').isResourceThePath).toBe(true);
  });

  it.each([
    ['', 'organization: is missing.'],
    ['scope=projects:read', 'organization: is missing.'],
    ['organization=', 'organization: must be an identifier'],
    ['organization=a&organization=b', 'organization: stands there more than once.'],
    ['organization=a&scpoe=projects:read', 'unknown parameter scpoe.'],
    ['organization=a&Scope=x', 'unknown parameter (name not shown).'],
    ['organization=a&scope=', 'scope.0: must be the name of a scope.'],
    ['organization=a&scope=a%20b', 'scope.0: must be the name of a scope.'],
    ['organization=a&scope=a%22', 'scope.0: must be the name of a scope.'],
    ['organization=a&any_scope=', 'any_scope.0: must be the name of a scope.'],
    ['organization=a&environment=test', 'environment: must be one of dev, sandbox, prod.'],
    ['organization=a&environment=dev&environment=prod', 'environment: stands there more than once.'],
    ['organization=a&workspace=A', 'workspace: must be a slug.'],
    ['organization=a&resource=', 'resource: must not be empty.'],
    ['organization=a&resource_from=header', 'resource_from: must be one of path.'],
    ['organization=a&resource=x&resource_from=path', 'resource_from: must not stand beside resource.'],
    ['organization=a&audience=a%0ab', 'audience: must be 1 to 200 visible characters.'],
    ['organization=a&nginx=true', 'nginx: must be one of 1.'],
    ['organization=a&__proto__=1', 'unknown parameter'],
  ])('is refused as a fault of the proxy where its query is %j', (query, problem) => {
    expect(() => read(query)).toThrow(
      expect.objectContaining({
        code: 'FORWARD_AUTH_MISCONFIGURED',
        details: { problem: expect.stringContaining(problem) },
      }),
    );
  });

  it('is read once, and again where strangers have asked too much', () => {
    const reader = createQuestionReader();
    const first = reader('organization=org-1');
    expect(reader('organization=org-1')).toBe(first);
    for (let i = 0; i < 1_000; i += 1) reader(`organization=stranger-${i}`);
    expect(reader('organization=org-1')).toEqual(first);
    expect(reader('organization=org-1')).not.toBe(first);
  });
});
