import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import type { Output } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, secondMs } from '../../platform/clock.ts';
import { logStatements } from '../../storage/statements-for-tests.ts';
import { together } from '../calls-for-tests.ts';
import { joined, must, signedIn } from '../people-for-tests.ts';

import { verify as verifyAtOnce } from './verify.ts';

type Shown = Output<'keys.verify'>;
type Minted = Output<'keys.createForOrganization'>;

describeEachEngine('verifying a key for others', (open) => {
  let app: TestApp;
  let acme: { organizationId: string; owner: string; api: string };
  let rival: typeof acme;

  beforeAll(async () => {
    app = await startTestApp(await open());
    acme = await addOrganization('acme');
    rival = await addOrganization('rival');
  });
  afterAll(() => app.close());

  async function addOrganization(name: string) {
    const { organizationId, apiKey } = await app.signUp(`owner@${name}.example`, name);
    const whose = { organizationId, owner: apiKey.raw, api: '' };
    return { ...whose, api: (await mint({ scopes: ['keys:verify'] }, whose)).apiKey };
  }

  async function call(path: string, body: object, key: string) {
    const answer = await app.call(path, { body, key });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body.data;
  }

  function mint(more: object = {}, { organizationId, owner } = acme): Promise<Minted> {
    const body = { name: 'k', scopes: ['projects:read'], ...more };
    return call(`/v1/organizations/${organizationId}/keys`, body, owner);
  }

  /** Makes room: twenty may be active. */
  function revoke({ keyId }: Pick<Minted, 'keyId'>): Promise<unknown> {
    return call(`/v1/keys/${keyId}/revoke`, {}, acme.owner);
  }

  function verify(question: object, { api } = acme): Promise<Shown> {
    return call('/v1/keys/verify', question, api);
  }

  it.each<[string, object, object]>([
    ['VALID', {}, {}],
    ['VALID', {}, { allScopes: ['projects:read'], environment: 'prod', workspace: 'pay', resource: 'any' }],
    ['SCOPE_MISSING', {}, { allScopes: ['projects:read', 'executions:read'] }],
    ['SCOPE_MISSING', {}, { anyScope: ['executions:read', 'no:scope'] }],
    ['RESOURCE_MISMATCH', { resources: ['orders/*'] }, {}],
    ['RESOURCE_MISMATCH', { resources: ['orders/*'] }, { resource: 'invoices/1' }],
    ['VALID', { resources: ['orders/*'] }, { resource: 'orders/1' }],
    ['IP_NOT_ALLOWED', { allowedAddresses: ['203.0.113.0/24'] }, {}],
    ['IP_NOT_ALLOWED', { allowedAddresses: ['203.0.113.0/24'] }, { ip: '198.51.100.1' }],
    ['IP_NOT_ALLOWED', { allowedAddresses: ['203.0.113.0/24'] }, { ip: 'nowhere' }],
    ['IP_NOT_ALLOWED', { allowedAddresses: ['203.0.113.0/24'] }, { ip: '' }],
    ['VALID', { allowedAddresses: ['203.0.113.0/24'] }, { ip: '203.0.113.9' }],
    ['VALID', { allowedAddresses: ['203.0.113.0/24'] }, { ip: '::ffff:203.0.113.9' }],
    ['VALID', { limits: [{ requests: 1, windowSeconds: 60 }] }, {}],
    ['RATE_LIMITED', { limits: [{ requests: 1, windowSeconds: 60 }] }, { cost: 2 }],
    ['USAGE_EXCEEDED', { budget: { total: 1 } }, { cost: 2 }],
    ['VALID', { budget: { total: 1 } }, { cost: 0 }],
  ])('answers %s for a key of %j that is asked for %j', async (code, more, question) => {
    const key = await mint(more);
    const first = await verify({ key: key.apiKey, ...question });
    expect(first).toMatchObject({ valid: code === 'VALID', code, keyId: key.keyId });
    await revoke(key);
  });

  it('tells whose key it is and what it may', async () => {
    const { apiKey, keyId } = await mint({ name: 'Größe "1"', expiresInDays: 1 });
    expect(await verify({ key: apiKey })).toEqual({
      valid: true,
      code: 'VALID',
      message: 'The key is valid.',
      keyId,
      keyName: 'Größe "1"',
      organization: { id: acme.organizationId, name: 'acme' },
      principal: { type: 'organization', userId: expect.any(String), processInstanceId: null },
      scopes: ['projects:read'],
      environment: null,
      workspace: null,
      expiresAt: new Date(app.clock.now() + dayMs).toISOString(),
      rateLimit: null,
      budget: null,
    });
    await revoke({ keyId });
  });

  it('answers REVOKED, DISABLED and EXPIRED from the answer on that says so', async () => {
    const key = await mint({ expiresInDays: 1 });
    const question = { key: key.apiKey };
    expect((await verify(question)).code).toBe('VALID');
    await call(`/v1/keys/${key.keyId}/disable`, {}, acme.owner);
    expect((await verify(question)).code).toBe('DISABLED');
    await call(`/v1/keys/${key.keyId}/enable`, {}, acme.owner);
    expect((await verify(question)).code).toBe('VALID');
    app.clock.advance(dayMs);
    expect((await verify(question)).code).toBe('EXPIRED');
    const other = await mint();
    expect((await verify({ key: other.apiKey })).code).toBe('VALID');
    await revoke(other);
    expect(await verify({ key: other.apiKey })).toMatchObject({
      valid: false,
      code: 'REVOKED',
      keyId: other.keyId,
    });
  });

  it('has keys of members with what their role holds, for as long as they are members', async () => {
    const { organizationId } = acme;
    const owner = await signedIn(app, 'owner@acme.example');
    const member = await joined(app, organizationId, 'member@acme.example', 'runner');
    const body = { name: 'Laptop', scopes: ['organizations:create', 'projects:read', 'deploy:use-case'] };
    const { apiKey } = await must(app, 'keys.createPersonal', body, member.token);
    const change = { organizationId, memberId: member.userId };
    expect(await verify({ key: apiKey })).toMatchObject({
      code: 'VALID',
      scopes: ['projects:read'],
      organization: { id: organizationId },
      principal: { type: 'personal', userId: member.userId },
    });
    expect((await verify({ key: apiKey }, rival)).code).toBe('NOT_FOUND');
    await must(app, 'members.changeRole', { ...change, role: 'developer' }, owner.token);
    expect((await verify({ key: apiKey })).scopes).toEqual(['projects:read', 'deploy:use-case']);
    await must(app, 'members.remove', change, owner.token);
    expect((await verify({ key: apiKey })).code).toBe('NOT_FOUND');
  });

  describe('of what is no key of the organization', () => {
    const nobody = {
      valid: false,
      keyId: null,
      keyName: null,
      organization: null,
      principal: null,
      scopes: [],
      environment: null,
      workspace: null,
      expiresAt: null,
      rateLimit: null,
      budget: null,
    };

    it('says nothing, whether it is of another organization or of none', async () => {
      const foreign = await mint({ limits: [{ requests: 1, windowSeconds: 60 }] }, rival);
      const ended = await mint({}, rival);
      await call(`/v1/keys/${ended.keyId}/revoke`, {}, rival.owner);
      const unissued = [generateKey('admin'), generateEnvironmentKey('dev').secret];
      for (const key of [foreign.apiKey, ended.apiKey, ...unissued]) {
        const answer = await app.call('/v1/keys/verify', { body: { key, allScopes: ['x'] }, key: acme.api });
        expect(answer.body).toEqual({
          success: true,
          data: { ...nobody, code: 'NOT_FOUND', message: 'This key does not exist.' },
          requestId: expect.any(String),
        });
      }
      expect((await verify({ key: foreign.apiKey }, rival)).code).toBe('VALID');
    });

    it('says of a text that cannot be a key that it is none', async () => {
      const { apiKey, keyId } = await mint();
      for (const key of ['', 'x', `${apiKey}x`, apiKey.slice(0, -1), ` ${apiKey}`]) {
        expect(await verify({ key }), key).toMatchObject({ ...nobody, code: 'MALFORMED' });
      }
      await revoke({ keyId });
    });
  });

  describe('of a key that it knows', () => {
    it('sends no statement, and none for those of whom it knows that there is no key', async () => {
      const key = await mint();
      const unissued = generateKey('organization');
      for (const each of [key.apiKey, unissued]) await verify({ key: each });
      const log = logStatements();
      // In one turn: what the process does by its clock does not come in between.
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => verify({ key: index % 2 === 0 ? key.apiKey : unissued })),
      );
      log.close();
      expect(answers.filter(({ valid }) => valid)).toHaveLength(25);
      expect(log.texts.filter((text) => text.includes('api_keys'))).toEqual([]);
      await revoke(key);
    });

    it('writes a hundred thousand uses as one', async () => {
      const key = await mint();
      const { deps, clock } = app;
      await verify({ key: key.apiKey });
      await deps.lastUsed.flush();
      clock.advance(secondMs);
      const asked = { key: key.apiKey, cost: 1 };
      const log = logStatements();
      for (let use = 0; use < 100_000; use += 1) void verifyAtOnce(deps, acme.organizationId, asked);
      expect(log.texts).toEqual([]);
      await deps.lastUsed.flush();
      log.close();
      expect(log.texts.filter((text) => /update "?api_keys/.test(text))).toHaveLength(1);
      const row = deps.store.db.selectFrom('api_keys').select('last_used_at').where('id', '=', key.keyId);
      expect((await row.executeTakeFirstOrThrow()).last_used_at).toBe(clock.now());
      await revoke(key);
    });

    it('reads once for sixty-four who ask for one that it does not know', async () => {
      const key = await mint();
      await verify({ key: generateKey('organization') });
      const log = logStatements();
      await together(() => verify({ key: key.apiKey }));
      log.close();
      expect(log.texts.filter((text) => text.includes('"key"."digest"'))).toHaveLength(1);
      await revoke(key);
    });

    it('does not note a use that was not valid', async () => {
      const key = await mint();
      await verify({ key: key.apiKey, allScopes: ['executions:read'] });
      expect(app.deps.lastUsed.pending(key.keyId)).toBeUndefined();
      await verify({ key: key.apiKey });
      expect(app.deps.lastUsed.pending(key.keyId)).toBe(app.clock.now());
      await revoke(key);
    });
  });

  it('gives a verifier that names itself what it may keep', async () => {
    const key = await mint({ limits: [{ requests: 1_000, windowSeconds: 60, counting: 'fast' }] });
    const { kept } = await verify({ key: key.apiKey, verifier: 'orders-1' });
    expect(kept).toMatchObject({
      asOf: app.deps.revocations.applied(),
      facts: { keyId: key.keyId, organizationId: acme.organizationId, counting: 'fast', revokedAt: null },
    });
    const absent = await verify({ key: generateKey('organization'), verifier: 'orders-1' });
    expect(absent.kept).toEqual({
      asOf: app.deps.revocations.applied(),
      facts: null,
      units: 0,
      unitsUntil: null,
    });
    await revoke(key);
  });

  it('answers many questions in their order, each counted by itself', async () => {
    const key = await mint({ limits: [{ requests: 2, windowSeconds: 60 }] });
    const questions = [
      { key: key.apiKey },
      { key: 'x' },
      { key: key.apiKey },
      { key: generateKey('personal') },
      { key: key.apiKey },
    ];
    const { verdicts } = await call('/v1/keys/verify-many', { questions }, acme.api);
    const codes = verdicts.map(({ code }: Shown) => code);
    expect([codes[1], codes[3]]).toEqual(['MALFORMED', 'NOT_FOUND']);
    expect([codes[0], codes[2], codes[4]].sort()).toEqual(['RATE_LIMITED', 'VALID', 'VALID']);
    await revoke(key);
  });

  it('counts verdicts for whoever reads the metrics, and writes no line for each', async () => {
    const before = app.logLines.filter(
      (line) => line.includes('"level":30') && line.includes('keys.verify'),
    ).length;
    await verify({ key: 'x' });
    const metrics = await app.call('/metrics');
    expect(metrics.body).toMatch(/latchkey_verdicts_total\{verdict="MALFORMED"\} \d+/);
    const after = app.logLines.filter(
      (line) => line.includes('"level":30') && line.includes('keys.verify'),
    ).length;
    expect(after).toBe(before);
  });
});
