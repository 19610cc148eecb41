import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, silentRecorder } from '../calls-for-tests.ts';
import { setRole } from '../rows-for-tests.sql.ts';
import { authenticate } from './authenticate.ts';
import { createForOrganization } from './create-for-organization.ts';

const day = 86_400_000;

describeEachEngine('listing the keys of an organization', (open) => {
  const email = 'owner@example.com';
  let app: TestApp;
  let organizationId: string;
  let first: { keyId: string; raw: string; keyPrefix: string };
  /** Oldest first: active, expired, revoked, active with expiry, active. */
  let minted: { keyId: string; apiKey: string; createdAt: string }[];
  beforeAll(async () => {
    app = await startTestApp(await open());
    const signup = await app.signUp(email, 'Acme');
    organizationId = signup.organizationId;
    first = signup.apiKey;
    minted = [];
    for (const body of [{}, { expiresInDays: 1 }, {}, { expiresInDays: 30 }, { description: 'Newest' }]) {
      app.clock.advance(1000);
      minted.push(await mint({ name: `Number ${minted.length}`, ...body }));
    }
    app.clock.advance(day);
    await app.call(`/v1/keys/${minted[2]?.keyId}/revoke`, { body: {}, key: first.raw });
  });
  afterAll(() => app.close());

  async function mint(body: object) {
    const given = { scopes: ['projects:read'], ...body };
    const path = `/v1/organizations/${organizationId}/keys`;
    return (await app.call(path, { body: given, key: first.raw })).body.data;
  }
  const list = (query = '', key = first.raw, id = organizationId) =>
    app.call(`/v1/organizations/${id}/keys${query}`, { key });
  const names = (answer: Awaited<ReturnType<typeof list>>) =>
    answer.body.data.keys.map(({ name }: { name: string }) => name);

  it('answers active keys, newest first, in exactly this shape', async () => {
    const answer = await list();
    expect(answer.status).toBe(200);
    expect(names(answer)).toEqual(['Number 4', 'Number 3', 'Number 0', 'CLI default key']);
    expect(answer.body.data.nextCursor).toBe(null);
    const [newest, expiring] = answer.body.data.keys;
    expect(newest).toEqual({
      keyId: minted[4]?.keyId,
      keyPrefix: minted[4]?.apiKey.slice(0, 12),
      name: 'Number 4',
      description: 'Newest',
      scopes: ['projects:read'],
      state: 'active',
      createdAt: minted[4]?.createdAt,
      createdBy: email,
      updatedAt: minted[4]?.createdAt,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      disabledAt: null,
      rateLimit: null,
      allowedAddresses: null,
      resources: null,
      limits: null,
      budget: null,
    });
    expect(Date.parse(expiring.expiresAt) - Date.parse(expiring.createdAt)).toBe(30 * day);
  });

  it('answers all of them with their state when asked to', async () => {
    const { keys } = (await list('?state=all')).body.data;
    const states = keys.map(({ name, state }: { name: string; state: string }) => `${name}: ${state}`);
    expect(states).toEqual([
      'Number 4: active',
      'Number 3: active',
      'Number 2: revoked',
      'Number 1: expired',
      'Number 0: active',
      'CLI default key: active',
    ]);
    expect(keys[2].revokedAt).toBe(new Date(app.clock.now()).toISOString());
    expect(keys[2].updatedAt).toBe(keys[2].revokedAt);
  });

  it('never shows more of a secret than its prefix', async () => {
    const text = JSON.stringify((await list('?state=all')).body);
    for (const { apiKey } of minted) {
      expect(text).toContain(apiKey.slice(0, 12));
      expect(text).not.toContain(apiKey.slice(0, 13));
    }
    expect(text).not.toMatch(/digest|apiKey|raw/);
  });

  it.each([1, 2, 5])('gives every key once, page by page of %i', async (limit) => {
    const seen: string[] = [];
    let query = `?state=all&limit=${limit}`;
    for (;;) {
      const answer = await list(query);
      seen.push(...names(answer));
      const { nextCursor } = answer.body.data;
      if (nextCursor === null) break;
      expect(answer.body.data.keys).toHaveLength(limit);
      query = `?state=all&limit=${limit}&cursor=${nextCursor}`;
    }
    expect(seen).toEqual([...[4, 3, 2, 1, 0].map((number) => `Number ${number}`), 'CLI default key']);
  });

  it('has no next page behind a last one that is full', async () => {
    const answer = await list('?state=all&limit=6');
    expect([answer.body.data.keys.length, answer.body.data.nextCursor]).toEqual([6, null]);
  });

  it('goes on where it was although newer keys came in between', async () => {
    const page = await list('?limit=2');
    const { keyId, apiKey } = await mint({ name: 'Between' });
    const next = await list(`?limit=2&cursor=${page.body.data.nextCursor}`);
    expect(names(next)).toEqual(['Number 0', 'CLI default key']);
    await app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: apiKey });
  });

  it('goes by the time of creation, not by ids', async () => {
    const { principal } = await authenticate(app.deps, { secret: first.raw, ip: '127.0.0.1' });
    const ids = ['bbb', 'ccc', 'aaa']
      .map((end) => `${crypto.randomUUID()}-${end}`)
      .sort()
      .reverse();
    const random = { ...app.deps.random, uuid: () => ids.shift() ?? '' };
    for (const name of ['One', 'Two', 'Three']) {
      app.clock.advance(1);
      const input = { organizationId, name, scopes: ['skills:read'] };
      await createForOrganization({ ...app.deps, audit: silentRecorder, random }, principal, input);
    }
    const page = await list('?limit=2');
    expect(names(page)).toEqual(['Three', 'Two']);
    const next = await list(`?limit=2&cursor=${page.body.data.nextCursor}`);
    expect(names(next)).toEqual(['One', 'Number 4']);
    for (const { keyId } of [...page.body.data.keys, next.body.data.keys[0]]) {
      await app.call(`/v1/keys/${keyId}/revoke`, { body: {}, key: first.raw });
    }
  });

  it('shows a use of a key that is not written down yet', async () => {
    const key = minted[3]?.apiKey ?? '';
    app.clock.advance(5);
    await app.call('/v1/whoami', { key });
    const used = new Date(app.clock.now()).toISOString();
    app.clock.advance(5);
    expect((await list()).body.data.keys[1].lastUsedAt).toBe(used);
    await app.deps.lastUsed.flush();
    expect((await list()).body.data.keys[1].lastUsedAt).toBe(used);
  });

  it.each([
    '?limit=0',
    '?limit=201',
    '?limit=ten',
    '?state=revoked',
    '?cursor=%00',
    '?page=2',
  ])('refuses %s', async (query) => {
    expect(refusal(await list(query))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  describe('is for those who manage the keys', () => {
    it('a personal and an admin key', async () => {
      const scopes = ['api-keys:manage'];
      for (const family of ['personal', 'admin'] as const) {
        const { apiKey } = await createByOperator(app.deps, { family, name: 'By hand', scopes, email });
        expect(names(await list('', apiKey))).toContain('CLI default key');
      }
    });

    it('not for a key without the scope, which the refusal names', async () => {
      const answer = await list('', minted[0]?.apiKey);
      expect(refusal(answer)).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
      expect(answer.body.error.message).toContain('api-keys:manage');
    });

    it('not for a member who has the scope', async () => {
      await setRole(app.deps.store, organizationId, email, 'developer');
      expect(refusal(await list())).toEqual({ status: 403, code: 'ROLE_REQUIRED' });
      await setRole(app.deps.store, organizationId, email, 'owner');
    });

    it('not for another organization, and not where there is none', async () => {
      const other = await app.signUp('other@example.com');
      expect(refusal(await list('', other.apiKey.raw))).toEqual({
        status: 403,
        code: 'ORGANIZATION_MISMATCH',
      });
      expect(refusal(await list('', first.raw, 'none'))).toEqual({
        status: 404,
        code: 'ORGANIZATION_NOT_FOUND',
      });
    });
  });
});
