import { allScopes } from '@latchkey/protocol';
import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { addUser, countRows, keyRow } from '../rows-for-tests.sql.ts';

const path = '/v1/personal-keys';
const day = 86_400_000;
const valid = { name: 'Laptop', scopes: ['api-keys:manage'] };

describeEachEngine('creating a personal key', (open) => {
  const email = 'ann@example.com';
  let app: TestApp;
  let organization: string;
  let admin: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    organization = (await app.signUp(email)).apiKey.raw;
    admin = await operatorKey({ family: 'admin' });
  });
  afterAll(() => app.close());

  async function operatorKey(
    of: { family: 'admin' } | { family: 'personal'; email: string },
    scopes: readonly string[] = ['api-keys:manage', 'organizations:create'],
  ): Promise<string> {
    return (await createByOperator(app.deps, { ...of, name: 'Made by hand', scopes })).apiKey;
  }
  const create = (body: object, key: string) => app.call(path, { body: { ...valid, ...body }, key });

  it('answers the shape of a new key, without an organization', async () => {
    const key = await operatorKey({ family: 'personal', email });
    const body = { scopes: ['organizations:create', 'api-keys:manage'], expiresInDays: 7 };
    const answer = await create(body, key);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      success: true,
      data: {
        keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        apiKey: expect.stringMatching(/^ckp_[0-9A-Za-z]{49}$/),
        keyPrefix: answer.body.data.apiKey.slice(0, 12),
        name: 'Laptop',
        scopes: body.scopes,
        createdAt: new Date(app.clock.now()).toISOString(),
        expiresAt: new Date(app.clock.now() + 7 * day).toISOString(),
      },
      requestId: answer.headers['x-request-id'],
    });
    const me = await app.call('/v1/whoami', { key: answer.body.data.apiKey });
    expect(me.body.data).toMatchObject({ type: 'personal-api-key', scopes: body.scopes });
  });

  it('makes a key of the caller, also where the caller names itself', async () => {
    const key = await operatorKey({ family: 'personal', email });
    const own = (await create({}, key)).body.data;
    const named = (await create({ email: ' ANN@example.com' }, key)).body.data;
    const rows = await Promise.all([own, named].map(({ keyId }) => keyRow(app.deps.store, keyId)));
    expect(rows[0]?.user_id).toBe(rows[1]?.user_id);
    expect(rows[0]?.user_id).toMatch(/^[A-Za-z0-9]{28}$/);
  });

  it('makes a key for whom an admin key names', async () => {
    await addUser(app.deps.store, 'bob@example.com');
    const answer = await create({ email: 'Bob@Example.com', scopes: allScopes }, admin);
    const { keyId, apiKey } = answer.body.data;
    expect((await keyRow(app.deps.store, keyId)).user_id).toBe('user-bob-example-com');
    expect((await app.call('/v1/whoami', { key: apiKey })).body.data.scopes).toEqual(allScopes);
  });

  it('never makes a key for somebody else, and does not say whether they exist', async () => {
    await addUser(app.deps.store, 'eve@example.com');
    const key = await operatorKey({ family: 'personal', email });
    for (const other of ['eve@example.com', 'nobody@example.com']) {
      const answer = await create({ email: other }, key);
      expect(refusal(answer)).toEqual({ status: 404, code: 'USER_NOT_FOUND' });
    }
  });

  it.each([
    [{}, 400, 'EMAIL_REQUIRED'],
    [{ email: 'ann' }, 400, 'EMAIL_INVALID'],
    [{ email: null }, 400, 'EMAIL_REQUIRED'],
    [{ email: 'nobody@example.com' }, 404, 'USER_NOT_FOUND'],
  ])('refuses %j of an admin key: %i %s', async (body, status, code) => {
    expect(refusal(await create(body, admin))).toEqual({ status, code });
  });

  it('is refused to an organization key, whatever its scopes', async () => {
    const answer = await create({}, organization);
    expect(refusal(answer)).toEqual({ status: 403, code: 'KEY_FAMILY_NOT_ALLOWED' });
    expect(answer.body.error.message).toContain('ckp_, cka_');
  });

  it('names the scope that the caller lacks', async () => {
    const key = await operatorKey({ family: 'personal', email }, ['organizations:create']);
    const answer = await create({}, key);
    expect(refusal(answer)).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
    expect(answer.body.error.message).toContain('api-keys:manage');
  });

  it('grants nothing that the calling personal key lacks', async () => {
    const key = await operatorKey({ family: 'personal', email }, ['api-keys:manage', 'projects:read']);
    const answer = await create({ scopes: ['projects:read', 'organizations:create'] }, key);
    expect(refusal(answer)).toEqual({
      status: 403,
      code: 'SCOPE_ESCALATION',
      details: { scopes: ['organizations:create'] },
    });
  });

  it('names the valid scopes for an unknown one, and creates nothing', async () => {
    const rows = await countRows(app.deps.store, 'api_keys');
    const answer = await create({ email, scopes: ['projects:read', 'root'] }, admin);
    expect(refusal(answer)).toEqual({
      status: 400,
      code: 'INVALID_SCOPE',
      details: { unknown: ['root'], valid: allScopes },
    });
    expect(await countRows(app.deps.store, 'api_keys')).toBe(rows);
  });

  it.each([0, 366, 1.5, '30', null])('refuses an expiry of %j days', async (expiresInDays) => {
    const answer = await create({ email, expiresInDays }, admin);
    expect(refusal(answer)).toEqual({ status: 400, code: 'INVALID_EXPIRES_IN_DAYS' });
  });

  it('allows 20 active keys per person, whoever makes them, and counts neither revoked nor expired', async () => {
    const owner = 'twenty@example.com';
    await app.signUp(owner);
    const first = await operatorKey({ family: 'personal', email: owner });
    const minted = [];
    for (let count = 1; count < 20; count += 1) {
      const expiry = count === 1 ? { expiresInDays: 1 } : {};
      minted.push((await create(expiry, first)).body.data.keyId);
    }
    const full = { status: 429, code: 'MAX_API_KEYS_REACHED', details: { limit: 20 } };
    expect(refusal(await create({}, first))).toEqual(full);
    expect(refusal(await create({ email: owner }, admin))).toEqual(full);
    await expect(operatorKey({ family: 'personal', email: owner })).rejects.toMatchObject({
      code: 'MAX_API_KEYS_REACHED',
    });
    await app.call(`/v1/keys/${minted[9]}/revoke`, { body: {}, key: first });
    expect((await create({}, first)).status).toBe(200);
    expect(refusal(await create({}, first))).toEqual(full);
    app.clock.advance(day);
    expect((await create({}, first)).status).toBe(200);
    expect(refusal(await create({}, first))).toEqual(full);
  });
});
