import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { made } from '../instances/instances-for-tests.ts';
import { ask, foundTeam, joined, must, type Team } from '../people-for-tests.ts';
import { isAllowedFrom } from './allowed-addresses.ts';

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.0/24', '203.0.113.255', true],
    ['203.0.113.9/24', '203.0.113.255', true],
    ['203.0.113.0/24', '203.0.114.0', false],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::1', '2001:0db8:0:0::0001', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['::ffff:10.0.0.0/104', '11.1.2.3', false],
    ['10.0.0.0/8', '::10.1.2.3', false],
    ['::10.0.0.0/104', '10.1.2.3', false],
    ['::10.1.2.3', '::a01:203', true],
    ['::/1', '10.1.2.3', false],
    ['10.0.0.0/8', '2001:db8::1', false],
    ['10.0.0.0/8', '010.0.0.1', false],
    ['10.0.0.0/8', '10.1.2', false],
    ['10.0.0.0/8', '0x0a.1.2.3', false],
    ['10.0.0.0/8', '167838211', false],
    ['10.0.0.0/8', 'unknown', false],
    ['10.0.0.0/8', '', false],
  ])('%s: %s is within it: %s', (range, address, isWithin) => {
    expect(isAllowedFrom([range], address)).toBe(isWithin);
  });

  it('may be any for a key that is bound to none, also one that cannot be read', () => {
    expect(isAllowedFrom(null, 'unknown')).toBe(true);
    expect(isAllowedFrom([], '10.0.0.1')).toBe(false);
  });
});

describeEachEngine('what a key is bound to', (open) => {
  let app: TestApp;
  let team: Team;
  beforeAll(async () => {
    app = await startTestApp(await open());
    team = await foundTeam(app, 'owner@bound.example');
  });
  afterAll(() => app.close());

  const bound = {
    allowedAddresses: ['203.0.113.0/24', '2001:db8::1'],
    resources: ['orders/*', 'invoices'],
    limits: [{ requests: 5, windowSeconds: 60, counting: 'exact' }],
    budget: { total: 1000, counting: 'fast' },
  } as const;
  const free = { allowedAddresses: null, resources: null, limits: null, budget: null };

  const create = (input: object) => {
    const request = {
      organizationId: team.organizationId,
      name: 'Bound',
      scopes: ['workflows:trigger'],
      ...input,
    };
    return ask(app, 'keys.createForOrganization', request, team.owner.token);
  };
  async function minted(input: object = bound): Promise<{ keyId: string; apiKey: string }> {
    const { status, body } = await create(input);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.data;
  }
  async function shown(keyId: string) {
    const { organizationId, owner } = team;
    const { keys } = await must(app, 'keys.listOfOrganization', { organizationId }, owner.token);
    return keys.find((key) => key.keyId === keyId);
  }
  const update = (keyId: string, input: object, credential = team.owner.token) =>
    ask(app, 'keys.update', { keyId, ...input }, credential);

  describe('of a key that manages keys', () => {
    // Twenty keys of an organization are all that there may be.
    let others: Team;
    beforeAll(async () => {
      others = team;
      team = await foundTeam(app, 'owner@managing.example');
    });
    afterAll(() => {
      team = others;
    });

    const managing = {
      ...bound,
      allowedAddresses: ['127.0.0.0/8'],
      scopes: ['api-keys:manage', 'skills:read'],
    };
    const wider = { scopes: ['skills:read'], name: 'Child', organizationId: '' };

    function mintBy(apiKey: string, input: object) {
      const request = { ...wider, organizationId: team.organizationId, ...input };
      return ask(app, 'keys.createForOrganization', request, apiKey);
    }

    it('is what the keys are bound to that it makes, where nothing is said', async () => {
      const { status, body } = await mintBy((await minted(managing)).apiKey, {});
      expect(status, JSON.stringify(body)).toBe(200);
      expect(await shown(body.data.keyId)).toMatchObject({ ...bound, allowedAddresses: ['127.0.0.0/8'] });
    });

    it('is the most that it gives', async () => {
      const { apiKey } = await minted(managing);
      const narrower = { allowedAddresses: ['127.0.0.1'], budget: { total: 10, counting: 'exact' } };
      expect((await mintBy(apiKey, narrower)).status).toBe(200);
      for (const kind of ['allowedAddresses', 'resources', 'limits', 'budget']) {
        const refused = await mintBy(apiKey, { [kind]: null });
        expect(refusal(refused)).toMatchObject({ status: 403, code: 'RESTRICTION_ESCALATION' });
      }
    });

    it('is nothing that it frees itself from, nor another key by it', async () => {
      const own = await minted(managing);
      const other = await minted({ ...bound, scopes: ['skills:read'] });
      const greater = await minted({ ...bound, scopes: ['executions:read'] });
      for (const { keyId } of [own, other]) {
        expect(refusal(await update(keyId, free, own.apiKey))).toMatchObject({
          code: 'RESTRICTION_ESCALATION',
        });
      }
      const freed = await update(greater.keyId, { resources: ['orders/*', 'stock'] }, own.apiKey);
      expect(refusal(freed)).toMatchObject({ code: 'SCOPE_ESCALATION' });
      expect((await update(own.keyId, { resources: ['invoices'] }, own.apiKey)).status).toBe(200);
      expect((await update(own.keyId, free)).status).toBe(200);
    });

    it('keeps it from giving scopes to a key that is bound less, and from enabling one', async () => {
      const { apiKey } = await minted(managing);
      const loose = await minted({ scopes: ['skills:read'] });
      const more = await update(loose.keyId, { scopes: ['skills:read', 'api-keys:manage'] }, apiKey);
      expect(refusal(more)).toMatchObject({ code: 'RESTRICTION_ESCALATION' });
      await must(app, 'keys.disable', { keyId: loose.keyId }, team.owner.token);
      const enabled = await ask(app, 'keys.enable', { keyId: loose.keyId }, apiKey);
      expect(refusal(enabled)).toMatchObject({ code: 'RESTRICTION_ESCALATION' });
    });
  });

  it('is kept, shown in lists, and nothing unless told', async () => {
    expect(await shown((await minted()).keyId)).toMatchObject(bound);
    expect(await shown((await minted({})).keyId)).toMatchObject(free);
  });

  it('changes part by part, and null takes a part away', async () => {
    const { keyId } = await minted();
    await update(keyId, { resources: ['orders/1'], budget: null });
    expect(await shown(keyId)).toMatchObject({ ...bound, resources: ['orders/1'], budget: null });
    await update(keyId, free);
    expect(await shown(keyId)).toMatchObject(free);
  });

  it('is taken away only by whoever may change the key', async () => {
    const { keyId } = await minted();
    const runner = await joined(app, team.organizationId, 'runner@bound.example', 'runner');
    expect(refusal(await update(keyId, free, runner.token)).code).toBe('ROLE_REQUIRED');
    expect(await shown(keyId)).toMatchObject(bound);
  });

  it.each([
    '10.0.0.0/0',
    '10.0.0.0/33',
    '10.0.0.1-10.0.0.9',
    '10.0.0',
    '010.0.0.1',
    'fe80::1%eth0',
    '2001:db8::/129',
    'example.com',
    '10.0.0.1 ',
  ])('refuses %j as an address, and nothing is made', async (wrong) => {
    const answer = refusal(await create({ allowedAddresses: ['10.0.0.1', wrong] }));
    const isLikeOne = /^[\d.:/a-f]+$/.test(wrong);
    expect(answer).toEqual({
      status: 400,
      code: 'INVALID_ADDRESS',
      details: { addresses: [isLikeOne ? wrong : '(not shown)'] },
    });
    const { keyId } = await minted({});
    expect(refusal(await update(keyId, { allowedAddresses: [wrong] })).code).toBe('INVALID_ADDRESS');
  });

  it('holds for what the key itself calls, by the address after trusted proxies', async () => {
    const { apiKey: key } = await minted();
    expect((await app.call('/v1/whoami', { key, from: '203.0.113.9' })).status).toBe(200);
    const refused = await app.call('/v1/whoami', { key, from: '198.51.100.1' });
    expect(refusal(refused)).toEqual({ status: 403, code: 'KEY_NOT_ALLOWED_HERE' });
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect(refusal(await app.call('/v1/whoami', { key, headers })).code).toBe('KEY_NOT_ALLOWED_HERE');
  });

  it('holds at the door', async () => {
    const { processInstanceId } = await made(app, team, team.owner);
    const { apiKey: key } = await minted();
    const trigger = (from: string) => app.call(`/webhook/${processInstanceId}/main`, { key, from, body: {} });
    expect((await trigger('198.51.100.1')).body.code).toBe('KEY_NOT_ALLOWED_HERE');
    expect((await trigger('203.0.113.9')).status).toBe(200);
  });

  it('of a personal key is kept too', async () => {
    const input = { name: 'Laptop', scopes: ['skills:read'], ...bound };
    const { apiKey: key } = await must(app, 'keys.createPersonal', input, team.owner.token);
    expect((await app.call('/v1/whoami', { key, from: '2001:db8::1' })).status).toBe(200);
    expect(refusal(await app.call('/v1/whoami', { key })).code).toBe('KEY_NOT_ALLOWED_HERE');
  });
});
