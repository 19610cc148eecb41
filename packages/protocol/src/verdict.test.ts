import { describe, expect, it } from 'vitest';
import { identityOf, judge, type KeyFacts, type Question, statusOfVerdict, verdictCodes } from './verdict.ts';

const facts: KeyFacts = {
  keyId: 'k1',
  name: 'CI',
  family: 'organization',
  organizationId: 'o1',
  organizationName: 'Acme',
  userId: 'u1',
  processInstanceId: null,
  scopes: ['workflows:trigger', 'executions:read'],
  environment: null,
  workspace: null,
  resources: null,
  expiresAt: null,
  revokedAt: null,
  disabledAt: null,
  isBoundToAddresses: false,
  counting: null,
};
const now = 1_000;

describe('a verdict', () => {
  it.each<[string, Partial<KeyFacts>, Question, string]>([
    ['nothing is asked', {}, {}, 'VALID'],
    ['it was revoked', { revokedAt: 1_000, disabledAt: 5, expiresAt: 5 }, {}, 'REVOKED'],
    ['its rotation ends it later', { revokedAt: 1_001 }, {}, 'VALID'],
    ['it is disabled', { disabledAt: 2_000, expiresAt: 5 }, {}, 'DISABLED'],
    ['its last millisecond is over', { expiresAt: 1_000 }, {}, 'EXPIRED'],
    ['its last millisecond runs', { expiresAt: 1_001 }, {}, 'VALID'],
    ['it is for somebody else', { audience: 'stock' }, { audience: 'orders' }, 'AUDIENCE_MISMATCH'],
    ['it is for whoever asks', { audience: 'orders' }, { audience: 'orders' }, 'VALID'],
    ['nobody says who asks', { audience: 'orders' }, {}, 'VALID'],
    ['it is a key, for nobody in particular', {}, { audience: 'orders' }, 'VALID'],
    ['it is of another environment', { environment: 'dev' }, { environment: 'prod' }, 'ENVIRONMENT_MISMATCH'],
    ['it is of no environment', {}, { environment: 'prod' }, 'VALID'],
    ['no environment is asked', { environment: 'dev' }, {}, 'VALID'],
    ['it is of another workspace', { workspace: 'pay' }, { workspace: 'ship' }, 'WORKSPACE_MISMATCH'],
    ['it reaches all workspaces', {}, { workspace: 'ship' }, 'VALID'],
    ['it has all scopes', {}, { allScopes: ['executions:read', 'workflows:trigger'] }, 'VALID'],
    ['it lacks one scope', {}, { allScopes: ['executions:read', 'skills:read'] }, 'SCOPE_MISSING'],
    ['it has one of the scopes', {}, { anyScope: ['skills:read', 'executions:read'] }, 'VALID'],
    ['it has none of the scopes', {}, { anyScope: ['skills:read'] }, 'SCOPE_MISSING'],
    [
      'it has one of some but not all of others',
      {},
      { allScopes: ['skills:read'], anyScope: ['executions:read'] },
      'SCOPE_MISSING',
    ],
    ['its resource is asked', { resources: ['orders'] }, { resource: 'orders' }, 'VALID'],
    ['its resources begin so', { resources: ['orders/*'] }, { resource: 'orders/42' }, 'VALID'],
    ['another resource is asked', { resources: ['orders/*'] }, { resource: 'orders' }, 'RESOURCE_MISMATCH'],
    ['it is bound to resources and none is asked', { resources: ['*'] }, {}, 'RESOURCE_MISMATCH'],
    ['it is bound to nothing', { resources: [] }, { resource: 'orders' }, 'RESOURCE_MISMATCH'],
  ])('when %s', (_when, known, question, code) => {
    expect(judge({ ...facts, ...known }, question, now)).toBe(code);
  });

  it('is one of three refusals for whoever presented the key', () => {
    expect(new Set(verdictCodes.map(statusOfVerdict))).toEqual(new Set([200, 401, 403, 429]));
  });
});

describe('what is said of a key', () => {
  it.each<[string, Partial<KeyFacts>, number | null]>([
    ['its expiry', { expiresAt: 5_000 }, 5_000],
    ['the end of its rotation', { revokedAt: 3_000 }, 3_000],
    ['whichever comes first, its rotation', { expiresAt: 5_000, revokedAt: 3_000 }, 3_000],
    ['whichever comes first, its expiry', { expiresAt: 3_000, revokedAt: 5_000 }, 3_000],
    ['nothing where it does not end', {}, null],
  ])('gives as its end %s', (_what, known, endsAt) => {
    const expiresAt = endsAt === null ? null : new Date(endsAt).toISOString();
    expect(identityOf({ ...facts, ...known })).toMatchObject({ keyId: 'k1', expiresAt });
  });
});
