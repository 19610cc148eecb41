import { generateKey } from '@latchkey/keys';
import type { Output, Request } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hourMs } from '../../platform/clock.ts';
import { refusal } from '../calls-for-tests.ts';
import { ask, foundTeam, joined, must, type Person, signedIn } from '../people-for-tests.ts';
import { countRows } from '../rows-for-tests.sql.ts';

type Minted = Output<'keys.createForOrganization'>;

describeEachEngine('what keys were used for', (open) => {
  let app: TestApp;
  let organizationId: string;
  let owner: Person;
  let developer: Person;
  let api: string;

  beforeAll(async () => {
    app = await startTestApp(await open());
    ({ organizationId, owner } = await foundTeam(app, 'owner@example.com'));
    developer = await joined(app, organizationId, 'dev@example.com', 'developer');
    api = (await mint({ scopes: ['keys:verify'] })).apiKey;
  });
  beforeEach(async () => {
    // An hour of its own for each.
    app.clock.advance(hourMs - (app.clock.now() % hourMs));
    owner = await signedIn(app, 'owner@example.com');
    developer = await signedIn(app, 'dev@example.com');
  });
  afterAll(() => app.close());

  function mint(more: object = {}): Promise<Minted> {
    const input = { organizationId, name: 'k', scopes: ['projects:read'], ...more };
    return must(app, 'keys.createForOrganization', input, owner.token);
  }
  async function verify(key: string, more: object = {}, by = api): Promise<string> {
    const answer = await app.call('/v1/keys/verify', { body: { key, ...more }, key: by });
    return answer.body.data.code;
  }
  async function activity(
    keyId: string,
    more: Partial<Request<'keys.activity'>> = {},
    { token } = owner,
  ): Promise<Output<'keys.activity'>> {
    await app.deps.keyActivity.flush();
    return must(app, 'keys.activity', { organizationId, keyId, ...more }, token);
  }
  async function ofOrganization({ token } = owner, hours = 1) {
    await app.deps.keyActivity.flush();
    return (await must(app, 'organizations.activity', { organizationId, hours }, token)).hours;
  }
  const iso = (instant: number) => new Date(instant).toISOString();
  const thisHour = () => iso(Math.floor(app.clock.now() / hourMs) * hourMs);

  it('is told with the key as the inventory has it, and says nothing where nothing was', async () => {
    const { keyId } = await mint();
    const { keys } = await must(app, 'keys.inventory', { organizationId }, owner.token);
    const key = keys.find((each) => each.keyId === keyId);
    expect(await activity(keyId)).toEqual({ key, hours: [], refusals: [], limits: [], budget: null });
  });

  it('is told by hour and verdict, as far back as is asked for', async () => {
    const { keyId, apiKey } = await mint();
    const first = thisHour();
    expect(await verify(apiKey)).toBe('VALID');
    await must(app, 'keys.verifyMany', { questions: [{ key: apiKey }, { key: apiKey }] }, api);
    expect(await verify(apiKey, { resource: 'orders/1', allScopes: ['executions:read'] })).toBe(
      'SCOPE_MISSING',
    );
    app.clock.advance(2 * hourMs);
    owner = await signedIn(app, 'owner@example.com');
    await verify(apiKey);
    const second = { hour: thisHour(), outcomes: { VALID: 1 } };
    expect((await activity(keyId)).hours).toEqual([
      { hour: first, outcomes: { VALID: 3, SCOPE_MISSING: 1 } },
      second,
    ]);
    expect((await activity(keyId, { hours: 2 })).hours).toEqual([second]);
  });

  it('counts visitors who come through a proxy', async () => {
    const { keyId, apiKey } = await mint();
    const proxied = (query: string) =>
      app.call(`/v1/forward-auth?organization=${organizationId}${query}`, {
        headers: {
          'x-latchkey-verifier-key': api,
          'x-forwarded-host': 'site.example',
          authorization: `Bearer ${apiKey}`,
          'user-agent': 'curl/8.5.0',
        },
      });
    expect((await proxied('')).status).toBe(200);
    expect((await proxied('&scope=executions:read')).status).toBe(403);
    const { hours, refusals } = await activity(keyId);
    expect(hours[0]?.outcomes).toEqual({ VALID: 1, SCOPE_MISSING: 1 });
    expect(refusals).toMatchObject([{ missing: 'executions:read', client: 'curl/8.5.0', address: null }]);
  });

  it('explains the last refusals in plain words, with what was missing and where it came from', async () => {
    const { keyId, apiKey } = await mint({
      resources: ['orders/*'],
      limits: [{ requests: 1, windowSeconds: 60 }],
    });
    const at = iso(app.clock.now());
    await verify(apiKey, { resource: 'invoices/1', ip: '203.0.113.9' });
    await verify(apiKey, { resource: 'orders/1', allScopes: ['projects:read', 'executions:read'] });
    await verify(apiKey, { resource: 'orders/1' });
    await verify(apiKey, { resource: 'orders/1' });
    app.clock.advance(1);
    await must(app, 'keys.disable', { keyId }, owner.token);
    await verify(apiKey);
    const { refusals, hours } = await activity(keyId);
    expect(hours[0]?.outcomes).toEqual({
      ...{ VALID: 1, RESOURCE_MISMATCH: 1, SCOPE_MISSING: 1, RATE_LIMITED: 1, DISABLED: 1 },
    });
    const unsaid = { client: null, address: null };
    expect(refusals[0]).toEqual({
      ...{ ...unsaid, at: iso(Date.parse(at) + 1), code: 'DISABLED', missing: null },
      message: 'This key is disabled.',
    });
    expect(refusals).toHaveLength(4);
    expect(refusals).toEqual(
      expect.arrayContaining([
        {
          ...{ ...unsaid, at, code: 'RATE_LIMITED', missing: '1 in 60 seconds' },
          message: 'This key has been used too often within its window of time.',
        },
        {
          ...{ ...unsaid, at, code: 'SCOPE_MISSING', missing: 'executions:read' },
          message: 'This key does not have the scope that this needs.',
        },
        {
          ...{ at, code: 'RESOURCE_MISMATCH', missing: 'invoices/1', address: '203.0.113.9', client: null },
          message: 'This key may not be used for this resource.',
        },
      ]),
    );
  });

  it('tells what is left of limits and budget', async () => {
    const limits = [
      { requests: 10, windowSeconds: 60 },
      { requests: 100, windowSeconds: 3600 },
    ];
    const { keyId, apiKey } = await mint({ limits, budget: { total: 5 } });
    expect(await activity(keyId)).toMatchObject({
      limits: [
        { windowSeconds: 60, limit: 10, used: 0, remaining: 10, resetsAt: null },
        { windowSeconds: 3600, limit: 100, used: 0, remaining: 100, resetsAt: null },
      ],
      budget: { total: 5, used: 0, remaining: 5 },
    });
    const startedAt = app.clock.now();
    await verify(apiKey, { cost: 3 });
    app.clock.advance(60_000);
    expect(await activity(keyId)).toMatchObject({
      limits: [
        { windowSeconds: 60, limit: 10, used: 0, remaining: 10, resetsAt: null },
        { windowSeconds: 3600, used: 3, remaining: 97, resetsAt: iso(startedAt + hourMs) },
      ],
      budget: { total: 5, used: 3, remaining: 2 },
    });
  });

  it('counts what a management key does here, and what it was not allowed to do', async () => {
    const { keyId, apiKey } = await mint();
    const list = (id: 'projects.list' | 'keys.listOfOrganization') =>
      ask(app, id, { organizationId }, apiKey);
    expect((await list('projects.list')).status).toBe(200);
    expect(refusal(await list('keys.listOfOrganization')).code).toBe('SCOPE_MISSING');
    const { key, hours, refusals } = await activity(keyId);
    expect(key.lastUsed).toMatchObject({ address: '127.0.0.1' });
    expect(hours[0]?.outcomes).toEqual({ VALID: 1, SCOPE_MISSING: 1 });
    expect(refusals).toMatchObject([
      { code: 'SCOPE_MISSING', missing: 'api-keys:manage', address: '127.0.0.1' },
    ]);
  });

  it('tells apart what was refused for what was asked, which was no use of the key', async () => {
    const { keyId, apiKey } = await mint();
    const get = (projectId: string) => ask(app, 'projects.get', { projectId }, apiKey);
    expect((await get('019d312f-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await app.call('/v1/projects?limit=many', { key: apiKey })).status).toBe(400);
    const { key, hours, refusals } = await activity(keyId);
    expect(hours[0]?.outcomes).toEqual({ REQUEST_REFUSED: 2 });
    expect(refusals).toEqual([]);
    expect(key.lastUsed).toBeNull();
  });

  it('says of a key that was not allowed anything that it was not used', async () => {
    const { keyId, apiKey } = await mint();
    expect((await ask(app, 'keys.listOfOrganization', { organizationId }, apiKey)).status).toBe(403);
    expect((await activity(keyId)).key.lastUsed).toBeNull();
  });

  it('makes no row of keys that there are not, nor of those of others', async () => {
    const rival = await foundTeam(app, 'rival@example.com');
    const { apiKey: theirs } = await must(
      app,
      'keys.createForOrganization',
      { organizationId: rival.organizationId, name: 'k', scopes: ['keys:verify'] },
      rival.owner.token,
    );
    // Whoever asks has a row of its own.
    await verify('nothing');
    await app.deps.keyActivity.flush();
    const rows = await countRows(app.deps.store, 'key_hours');
    for (const key of ['nothing', generateKey('organization'), theirs]) await verify(key);
    for (let stranger = 0; stranger < 20; stranger += 1) await verify(generateKey('organization'));
    await app.deps.keyActivity.flush();
    expect(await countRows(app.deps.store, 'key_hours')).toBe(rows);
  });

  describe('in all', () => {
    it('is added up over the keys of the organization', async () => {
      const [one, other] = [await mint(), await mint()];
      const before = (await ofOrganization())[0]?.outcomes.VALID ?? 0;
      for (const { apiKey } of [one, other, one]) await verify(apiKey);
      await verify(other.apiKey, { anyScope: ['executions:read'] });
      expect(await ofOrganization()).toEqual([
        { hour: thisHour(), outcomes: { VALID: before + 3, SCOPE_MISSING: 1 } },
      ]);
    });
  });

  describe('for whoever manages no keys', () => {
    it('is told of their own keys, and of no others', async () => {
      const { keyId, apiKey } = await mint();
      const own = await must(
        app,
        'keys.createPersonal',
        { name: 'Own', scopes: ['projects:read'] },
        developer.token,
      );
      await verify(apiKey);
      await verify(own.apiKey);
      expect((await activity(own.keyId, {}, developer)).hours[0]?.outcomes).toEqual({ VALID: 1 });
      const input = { organizationId, keyId };
      expect(refusal(await ask(app, 'keys.activity', input, developer.token)).code).toBe('KEY_NOT_FOUND');
      expect(await ofOrganization(developer)).toEqual([{ hour: thisHour(), outcomes: { VALID: 1 } }]);
      expect((await activity(own.keyId)).key.createdBy).toBe('dev@example.com');
    });

    it('does not exist outside of the organization', async () => {
      const { owner: stranger } = await foundTeam(app, `stranger-${app.clock.now()}@example.com`);
      const { keyId } = await mint();
      for (const id of ['keys.activity', 'organizations.activity'] as const) {
        const input = id === 'keys.activity' ? { organizationId, keyId } : { organizationId };
        expect(refusal(await ask(app, id, input, stranger.token)).code).toBe('ORGANIZATION_NOT_FOUND');
      }
    });
  });
});
