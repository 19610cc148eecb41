import { generateKey } from '@latchkey/keys';
import type { Output } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DoorAnswer, type DoorStage, type Made, startDoor } from '../domains/gateway/door-for-tests.ts';
import { mintKey } from '../domains/keys/index.ts';
import { ask, must, signedIn } from '../domains/people-for-tests.ts';
import { countRows } from '../domains/rows-for-tests.sql.ts';
import { dayMs } from '../platform/clock.ts';

interface Key {
  readonly apiKey: string;
  readonly keyId: string;
}

const families = ['organization', 'personal'] as const;
const client = 'curl/8.5.0';
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

describeEachEngine('a key that is refused', (open) => {
  let door: DoorStage;
  let instance: Made;
  beforeAll(async () => {
    door = await startDoor(await open());
    instance = await door.create(door.acme);
  });
  afterAll(() => door.close());

  const owner = () => door.acme.owner.token;

  function mint(family: (typeof families)[number], more: object = {}): Promise<Key> {
    const { organizationId } = door.acme;
    const wanted = { name: 'k', scopes: ['workflows:trigger', 'keys:verify'], ...more };
    if (family === 'personal') {
      return must(door.app, 'keys.createPersonal', { ...wanted, scopes: ['workflows:trigger'] }, owner());
    }
    return must(door.app, 'keys.createForOrganization', { organizationId, ...wanted }, owner());
  }

  async function activity({ keyId }: Pick<Key, 'keyId'>): Promise<Output<'keys.activity'>> {
    await door.app.deps.keyActivity.flush();
    return must(door.app, 'keys.activity', { organizationId: door.acme.organizationId, keyId }, owner());
  }

  /** How often each verdict was counted, in all hours. */
  async function outcomes(key: Pick<Key, 'keyId'>): Promise<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { outcomes: counted } of (await activity(key)).hours) {
      for (const [code, uses] of Object.entries(counted)) sums[code] = (sums[code] ?? 0) + uses;
    }
    return sums;
  }

  /** How often all keys were used, as far as their organization counts it. */
  async function inAll(): Promise<number> {
    await door.app.deps.keyActivity.flush();
    const { organizationId } = door.acme;
    const input = { organizationId, hours: 720 };
    const { hours } = await must(door.app, 'organizations.activity', input, owner());
    return hours.flatMap(({ outcomes }) => Object.values(outcomes)).reduce((sum, uses) => sum + uses, 0);
  }

  function call(path: string, key: string, body?: string, type = json): Promise<DoorAnswer> {
    const headers = { authorization: `Bearer ${key}`, 'user-agent': client, 'content-type': type };
    return door.send(path, { headers, ...(body !== undefined && { body }) });
  }

  const ended = async (key: Key) => {
    await must(door.app, 'keys.revoke', { keyId: key.keyId }, owner());
    return key;
  };
  /** Each brings about that a key is refused at whatever it asks for. */
  const reasons = {
    REVOKED: async (family: (typeof families)[number]) => ended(await mint(family)),
    DISABLED: async (family: (typeof families)[number]) => {
      const key = await mint(family);
      await must(door.app, 'keys.disable', { keyId: key.keyId }, owner());
      return key;
    },
    EXPIRED: async (family: (typeof families)[number]) => {
      const key = await mint(family, { expiresInDays: 1 });
      door.app.clock.advance(dayMs);
      return key;
    },
    IP_NOT_ALLOWED: (family: (typeof families)[number]) =>
      mint(family, { allowedAddresses: ['203.0.113.0/24'] }),
  };

  describe.each(families)('of the %s', (family) => {
    it.each(
      Object.entries(reasons),
    )('is counted as %s, with where it came from', async (code, bringAbout) => {
      const key = await bringAbout(family);
      expect((await call('/v1/whoami', key.apiKey)).status).toBeGreaterThanOrEqual(401);
      expect(await outcomes(key)).toEqual({ [code]: 1 });
      const { refusals } = await activity(key);
      expect(refusals).toMatchObject([{ code, address: '127.0.0.1', client, missing: null }]);
    });

    it('is counted with the scope that it lacks', async () => {
      const key = await mint(family);
      const { organizationId } = door.acme;
      expect((await call(`/v1/organizations/${organizationId}/executions`, key.apiKey)).status).toBe(403);
      expect(await outcomes(key)).toEqual({ SCOPE_MISSING: 1 });
      expect((await activity(key)).refusals).toMatchObject([{ missing: 'executions:read', client }]);
    });
  });

  describe('is counted once', () => {
    const question = '{"key":"cko_x"}';
    const exchange = (key: string) =>
      new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        client_id: 'latchkey-token-exchange',
        subject_token: key,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }).toString();
    const forwarded = (key: string) => {
      const headers = { 'x-latchkey-verifier-key': key, 'x-forwarded-host': 'site.example' };
      const visitor = { authorization: `Bearer ${generateKey('organization')}` };
      return door.send(`/v1/forward-auth?organization=${door.acme.organizationId}`, {
        headers: { ...headers, ...visitor },
      });
    };
    const places: Record<string, (key: string) => Promise<DoorAnswer>> = {
      'at an operation': (key) => call('/v1/whoami', key),
      'where it verifies another': (key) => call('/v1/keys/verify', key, question),
      'where it verifies many': (key) => call('/v1/keys/verify-many', key, `{"questions":[${question}]}`),
      'at introspection': (key) => call('/v1/introspect', key, 'token=cko_x', form),
      'as the key of a proxy': forwarded,
      'at the token endpoint': (key) =>
        door.send('/oauth/token', { headers: { 'content-type': form }, body: exchange(key) }),
      'at the door': (key) => call(`/webhook/${instance.processInstanceId}/main`, key, '{}'),
      'where a status is read': (key) => call(`/status/${instance.processInstanceId}/x`, key),
    };

    it.each(Object.entries(places))('%s', async (_place, use) => {
      const key = await mint('organization');
      // What is known of it is in memory from here on.
      await call('/v1/whoami', key.apiKey);
      await ended(key);
      expect((await use(key.apiKey)).status).toBeGreaterThanOrEqual(400);
      expect(await outcomes(key)).toEqual({ VALID: 1, REVOKED: 1 });
    });

    it.each(
      Object.entries(places),
    )('while it is good, %s, and was last used by just what was accepted', async (place, use) => {
      const key = await mint('organization');
      const before = await inAll();
      const { status } = await use(key.apiKey);
      const { hours, refusals, key: shown } = await activity(key);
      const isAccepted = place !== 'where a status is read';
      expect(status).toBe({ 'as the key of a proxy': 401, 'where a status is read': 404 }[place] ?? 200);
      expect(hours.map((hour) => hour.outcomes)).toEqual([
        isAccepted ? { VALID: 1 } : { REQUEST_REFUSED: 1 },
      ]);
      expect(refusals).toEqual([]);
      expect(shown.lastUsed !== null).toBe(isAccepted);
      // What asks about other keys says nothing in the organization but by the verdict.
      const asks = ['verifies', 'introspection', 'proxy'].some((word) => place.includes(word));
      expect((await inAll()) - before).toBe(asks ? 0 : 1);
    });

    it('for what it may not do at the door', async () => {
      const key = await mint('organization', { scopes: ['projects:read'] });
      const answer = await call(`/webhook/${instance.processInstanceId}/main`, key.apiKey, '{}');
      expect(answer.status).toBe(403);
      expect(await outcomes(key)).toEqual({ SCOPE_MISSING: 1 });
    });

    it('of an environment, which opens no door', async () => {
      const { organizationId } = door.acme;
      const input = { organizationId, environment: 'dev', name: 'e', level: 'runner' };
      const { token } = await signedIn(door.app, door.acme.owner.email);
      const key: Key = await must(door.app, 'environmentKeys.create', input, token);
      const place = `/webhook/${instance.processInstanceId}/main`;
      const answer = await call(place, key.apiKey, '{}');
      expect(answer.body.error).toContain('To trigger, send an instance key');
      const headers = { 'x-api-key': key.apiKey, 'content-type': json };
      await door.send(place, { headers, body: '{}' });
      expect(await outcomes(key)).toEqual({ RESOURCE_MISMATCH: 2 });
      expect((await activity(key)).refusals).toMatchObject([{ missing: 'the door of workflows' }, {}]);
    });

    it('of an instance, once it has another', async () => {
      const { processInstanceId, apiKey } = await door.create(door.acme);
      const input = { organizationId: door.acme.organizationId, family: 'instance', state: 'all' };
      const { keys } = await must(door.app, 'keys.inventory', input, owner());
      const keyId = keys.find((key) => key.instance?.id === processInstanceId)?.keyId ?? '';
      await must(door.app, 'instances.regenerateKey', { processInstanceId }, owner());
      const headers = { 'x-api-key': apiKey, 'content-type': json };
      expect((await door.send(`/webhook/${processInstanceId}/main`, { headers, body: '{}' })).status).toBe(
        401,
      );
      expect(await outcomes({ keyId })).toEqual({ REVOKED: 1 });
    });
  });

  it('is counted where somebody else asks about it by introspection, or about many', async () => {
    const { apiKey: verifier } = await mint('organization');
    const key = await ended(await mint('organization'));
    const asked = await call('/v1/introspect', verifier, `token=${key.apiKey}`, form);
    expect(asked.body).toEqual({ active: false });
    const questions = [{ key: key.apiKey, ip: '203.0.113.9' }, { key: key.apiKey }];
    await call('/v1/keys/verify-many', verifier, JSON.stringify({ questions }));
    expect(await outcomes(key)).toEqual({ REVOKED: 3 });
    const { refusals } = await activity(key);
    expect(refusals.map(({ address }) => address).sort()).toEqual(['203.0.113.9', null, null]);
  });

  it('is written down later: no request waits for it', async () => {
    const key = await ended(await mint('organization'));
    const { keyActivity, lastUsed } = door.app.deps;
    await Promise.all([keyActivity.flush(), lastUsed.flush()]);
    const write = vi.spyOn(door.app.deps.store, 'write');
    for (let use = 0; use < 30; use += 1) await call('/v1/whoami', key.apiKey);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
    expect(await outcomes(key)).toEqual({ REVOKED: 30 });
    expect((await activity(key)).refusals).toHaveLength(20);
  });

  /** What happens meanwhile is counted nowhere. */
  async function countsNothing(during: () => Promise<void>): Promise<void> {
    const { keyActivity, store } = door.app.deps;
    async function rows(): Promise<number[]> {
      await keyActivity.flush();
      return [await countRows(store, 'key_hours'), await countRows(store, 'key_refusals')];
    }
    const before = await rows();
    await during();
    expect(await rows()).toEqual(before);
  }

  it('leaves nothing of whoever has only a part of it, or has made one up', async () => {
    const { apiKey } = await ended(await mint('organization'));
    const otherEnd = apiKey.endsWith('0') ? '1' : '0';
    const made = generateKey('organization');
    const shown = apiKey.slice(0, 12);
    const cut = apiKey.slice(0, -1);
    await countsNothing(async () => {
      for (const text of [shown, cut, cut + otherEnd, made, shown + made.slice(12)]) {
        expect((await call('/v1/whoami', text)).status).toBe(401);
      }
    });
  });

  it('leaves nothing of an admin key: no organization could be shown it', async () => {
    const { deps, clock } = door.app;
    const nobody = { organizationId: null, userId: null, expiresAt: null } as const;
    const wanted = {
      family: 'admin',
      name: 'a',
      description: '',
      scopes: ['projects:read'],
      ...nobody,
    } as const;
    const { secret } = await deps.store.write((trx) => mintKey(trx, deps, wanted, clock.now()));
    await countsNothing(async () => {
      expect((await call(`/v1/organizations/${door.acme.organizationId}/executions`, secret)).status).toBe(
        403,
      );
    });
  });

  describe('that runs something again', () => {
    const rateLimit = { requests: 2, windowSeconds: 60 };

    /** What has run once, of an instance with a limit. */
    async function prepare() {
      const { processInstanceId, apiKey } = await door.create(door.acme, { rateLimit });
      const headers = { 'x-api-key': apiKey, 'content-type': json };
      const { body } = await door.send(`/webhook/${processInstanceId}/main`, { headers, body: '{}' });
      await door.settled();
      const input = { processInstanceId, executionId: body.executionId };
      return async (by: string) => (await ask(door.app, 'executions.rerun', input, by)).status;
    }

    it('is counted as at the door: what was begun, and what a limit has refused', async () => {
      const key = await mint('organization');
      const rerun = await prepare();
      expect([await rerun(key.apiKey), await rerun(key.apiKey)]).toEqual([200, 429]);
      expect(await outcomes(key)).toEqual({ VALID: 1, RATE_LIMITED: 1 });
      expect((await activity(key)).refusals).toMatchObject([{ missing: '2 in 60 seconds' }]);
    });

    it('is counted of no key where a person does it', async () => {
      const rerun = await prepare();
      const { token } = await signedIn(door.app, door.acme.owner.email);
      await countsNothing(async () => {
        expect([await rerun(token), await rerun(token)]).toEqual([200, 429]);
      });
    });
  });
});
