import { defaultScopes, type Role } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codePaths, complete, refusal, requestCode, wrongCode } from '../calls-for-tests.ts';
import { addMember, addOrganizations, removeMember } from '../rows-for-tests.sql.ts';

describeEachEngine('completing a log-in', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  /** Waits for the cooldown, requests a code and reads the mail. */
  async function codeFor(email: string): Promise<string> {
    app.clock.advance(30_000);
    expect((await requestCode(app, 'login', email)).status).toBe(200);
    return app.codeFor(email);
  }
  const finish = (body: object) => complete(app, 'login', body);

  describe.each(codePaths.complete.login)('at %s', (path) => {
    const own = (name: string) => `${name}@login${path.length}.example`;

    it('answers exactly the published shape: a new key for the only organization', async () => {
      const email = own('ann');
      const { organizationId } = await app.signUp(email, 'Acme');
      const answer = await app.call(path, { body: { email, code: await codeFor(email) } });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        success: true,
        data: {
          organizationId,
          organizationName: 'Acme',
          apiKey: {
            keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            raw: expect.stringMatching(/^cko_[0-9A-Za-z]{49}$/),
            keyPrefix: answer.body.data.apiKey.raw.slice(0, 12),
            name: 'CLI default key',
            scopes: defaultScopes,
            createdAt: new Date(app.clock.now()).toISOString(),
          },
        },
        requestId: expect.any(String),
      });
    });

    it('takes the name and the expiry that are given', async () => {
      const email = own('bob');
      await app.signUp(email);
      const apiKey = { name: 'CI', expiresInDays: 1 };
      const answer = await app.call(path, { body: { email, code: await codeFor(email), apiKey } });
      expect(answer.body.data.apiKey).toMatchObject({
        name: 'CI',
        expiresAt: new Date(app.clock.now() + 86_400_000).toISOString(),
      });
    });

    it('asks which organization is meant, with all of them to choose from', async () => {
      const email = own('two');
      const { organizationId } = await app.signUp(email, 'First');
      const [second] = await addOrganizations(app.deps.store, email, 1, 'Second');
      const body = { email, code: await codeFor(email) };
      const answer = await app.call(path, { body });
      expect(refusal(answer)).toEqual({
        status: 409,
        code: 'MULTIPLE_ORGANIZATIONS',
        details: {
          organizations: expect.toSatisfy((list: { id: string }[]) => list.length === 2),
        },
      });
      expect(answer.body.error.details.organizations).toEqual(
        expect.arrayContaining([
          { id: organizationId, name: 'First' },
          { id: second, name: 'Second 1' },
        ]),
      );
      expect(answer.body.error.message).toBe(
        'Account belongs to multiple organizations. Specify which one to mint a key for.',
      );
      expect(answer.body.error.nextAction).toBe(
        'Re-run `login-complete` with `--organization-id <id>` for the target org.',
      );
      const chosen = await app.call(path, { body: { ...body, organizationId: second } });
      expect(chosen.body.data).toMatchObject({ organizationId: second, organizationName: 'Second 1' });
    });

    it('refuses an organization that the person is no member of, and lists theirs', async () => {
      const email = own('foreign');
      const { organizationId } = await app.signUp(email, 'Mine');
      const other = await app.signUp(own('somebody'), 'Theirs');
      const body = { email, code: await codeFor(email) };
      for (const organizationId of [other.organizationId, 'no-such-organization']) {
        const answer = await app.call(path, { body: { ...body, organizationId } });
        expect(refusal(answer)).toMatchObject({ status: 403, code: 'ORGANIZATION_NOT_MEMBER' });
        expect(answer.body.error.details).toEqual({
          organizations: [{ id: expect.any(String), name: 'Mine' }],
        });
      }
      const chosen = await app.call(path, { body: { ...body, organizationId } });
      expect(chosen.body.data.organizationId).toBe(organizationId);
    });

    it('refuses the 21st active key, and leaves the code good for when one is gone', async () => {
      const email = own('full');
      const { organizationId, apiKey } = await app.signUp(email);
      const minted: string[] = [];
      for (let count = 1; count < 20; count += 1) {
        const made = await app.call(`/v1/organizations/${organizationId}/keys`, {
          key: apiKey.raw,
          body: { name: `${count}`, scopes: ['projects:read'] },
        });
        minted.push(made.body.data.keyId);
      }
      const body = { email, code: await codeFor(email) };
      const answer = await app.call(path, { body });
      expect(refusal(answer)).toEqual({
        status: 429,
        code: 'MAX_API_KEYS_REACHED',
        details: { limit: 20 },
      });
      await app.call(`/v1/keys/${minted[0]}/revoke`, { key: apiKey.raw, body: {} });
      expect((await app.call(path, { body })).status).toBe(200);
    });
  });

  it('leaves earlier keys valid', async () => {
    const email = 'earlier@example.com';
    const { apiKey } = await app.signUp(email);
    const answer = await finish({ email, code: await codeFor(email) });
    for (const key of [apiKey.raw, answer.body.data.apiKey.raw]) {
      expect((await app.call('/v1/whoami', { key })).status).toBe(200);
    }
  });

  it('says that an account has lost its last organization since the request, and keeps the code', async () => {
    const email = 'lost@example.com';
    const { organizationId } = await app.signUp(email);
    const body = { email, code: await codeFor(email) };
    await removeMember(app.deps.store, email);
    const answer = await finish(body);
    expect(refusal(answer)).toEqual({ status: 409, code: 'USER_HAS_NO_ORGANIZATION' });
    expect(answer.body.error.nextAction).toContain('signup-request');
    await addMember(app.deps.store, organizationId, email, 'owner');
    expect((await finish(body)).status).toBe(200);
  });

  it.each<[Role, readonly string[]]>([
    ['admin', defaultScopes],
    ['developer', defaultScopes.filter((scope) => scope !== 'api-keys:manage')],
    ['runner', ['workflows:trigger', 'executions:read', 'instances:read', 'skills:read', 'projects:read']],
    ['read-only', ['executions:read', 'instances:read', 'skills:read', 'projects:read']],
  ])('gives the key of a member with the role %s what the role holds, and no more', async (role, scopes) => {
    const boss = await app.signUp(`boss-of-${role}@example.com`);
    const email = `${role}@example.com`;
    await addMember(app.deps.store, boss.organizationId, email, role);
    const answer = await finish({ email, code: await codeFor(email) });
    expect(answer.body.data.apiKey.scopes).toEqual(scopes);
  });

  it.each([0, 366, 1.5, '30', null])('refuses an expiry of %j days and keeps the code', async (days) => {
    const email = `days-${String(days).replace('.', '-')}@example.com`;
    await app.signUp(email);
    const body = { email, code: await codeFor(email) };
    const answer = await finish({ ...body, apiKey: { expiresInDays: days } });
    expect(refusal(answer)).toEqual({ status: 400, code: 'INVALID_EXPIRES_IN_DAYS' });
    expect((await finish(body)).status).toBe(200);
  });

  it('counts down 4, 3, 2, 1, then locks out, then finds nothing', async () => {
    const email = 'wrong@example.com';
    await app.signUp(email);
    const code = await codeFor(email);
    for (const attemptsRemaining of [4, 3, 2, 1]) {
      const answer = await finish({ email, code: wrongCode(code, attemptsRemaining) });
      expect(refusal(answer)).toEqual({ status: 400, code: 'OTP_INVALID', details: { attemptsRemaining } });
    }
    const locked = await finish({ email, code: wrongCode(code) });
    expect(refusal(locked)).toEqual({ status: 429, code: 'OTP_LOCKED_OUT' });
    expect(locked.body.error.nextAction).toContain('login-request');
    expect(refusal(await finish({ email, code }))).toEqual({ status: 404, code: 'OTP_NOT_FOUND' });
  });

  it('refuses a used code, also after it would have expired', async () => {
    const email = 'used@example.com';
    await app.signUp(email);
    const body = { email, code: await codeFor(email) };
    expect((await finish(body)).status).toBe(200);
    expect(refusal(await finish(body))).toEqual({ status: 409, code: 'OTP_ALREADY_USED' });
    app.clock.advance(600_000);
    expect(refusal(await finish(body))).toEqual({ status: 409, code: 'OTP_ALREADY_USED' });
  });

  it('accepts a code 1 ms before its end and none at it', async () => {
    for (const [name, laterMs, status] of [
      ['early', 599_999, 200],
      ['late', 600_000, 410],
    ] as const) {
      const email = `${name}@example.com`;
      await app.signUp(email);
      const body = { email, code: await codeFor(email) };
      app.clock.advance(laterMs);
      expect((await finish(body)).status).toBe(status);
    }
  });

  it('refuses a log-in code for a sign-up, and names the request that fits', async () => {
    const email = 'crossed@example.com';
    await app.signUp(email);
    const body = { email, code: await codeFor(email) };
    const answer = await complete(app, 'signup', body);
    expect(refusal(answer)).toEqual({ status: 409, code: 'OTP_PURPOSE_MISMATCH' });
    expect(answer.body.error.nextAction).toContain('signup-request');
    expect((await finish(body)).status).toBe(200);
  });

  it('reports a wrong code before anything about organizations', async () => {
    const email = 'order@example.com';
    await app.signUp(email);
    await addOrganizations(app.deps.store, email, 1);
    const code = await codeFor(email);
    const wrong = { email, code: wrongCode(code), organizationId: 'no-such-organization' };
    expect(refusal(await finish(wrong)).code).toBe('OTP_INVALID');
    expect(refusal(await finish({ ...wrong, code })).code).toBe('ORGANIZATION_NOT_MEMBER');
  });
});
