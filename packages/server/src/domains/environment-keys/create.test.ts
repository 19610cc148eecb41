import { parseKey } from '@latchkey/keys';
import { errors } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, silentRecorder } from '../calls-for-tests.ts';
import { ask, foundTeam, joined, must, type Person, type Team } from '../people-for-tests.ts';
import { keyRow, tableText } from '../rows-for-tests.sql.ts';
import { createEnvironmentKey } from './create.ts';

const workspace = 'payments';

describeEachEngine('creating an environment key', (open) => {
  let app: TestApp;
  let team: Team;
  let developer: Person;
  let granted: Person;
  beforeAll(async () => {
    app = await startTestApp(await open());
    team = await foundTeam(app, 'ann@example.com');
    developer = await joined(app, team.organizationId, 'dev@example.com', 'developer');
    granted = await joined(app, team.organizationId, 'granted@example.com', 'runner');
    for (const environment of ['dev', 'sandbox', 'prod']) {
      await owns('workspaces.create', { environment, slug: workspace, name: 'Payments' });
    }
    await owns('workspaces.setLevel', { slug: workspace, memberId: granted.userId, level: 'admin' });
  });
  afterAll(() => app.close());

  const place = () => ({ organizationId: team.organizationId, environment: 'dev' as string });
  const owns = (id: 'workspaces.create' | 'workspaces.setLevel' | 'workspaces.delete', input: object) =>
    must(app, id, { ...place(), ...input }, team.owner.token);
  const create = (input: object, credential: string | undefined = team.owner.token) =>
    ask(app, 'environmentKeys.create', { ...place(), name: 'CI', ...input }, credential);
  const created = async (input: object, by = team.owner) =>
    must(app, 'environmentKeys.create', { ...place(), name: 'CI', ...input }, by.token);
  const revoke = (fingerprint: string, environment = 'dev') =>
    must(
      app,
      'environmentKeys.revoke',
      { ...place(), environment, key: fingerprint, dryRun: false },
      team.owner.token,
    );

  it('answers what the seed prints, with the secret this once', async () => {
    const input = { name: 'github-actions-deploy', workspace, level: 'developer', description: 'CI' };
    const key = await created(input);
    expect(key).toEqual({
      keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...input,
      environment: 'dev',
      fingerprint: expect.stringMatching(/^[0-9a-f]{4}\.\.\.[0-9a-f]{4}$/),
      handle: `ck_dev_${key.fingerprint.replace('...', '_')}`,
      createdAt: new Date(app.clock.now()).toISOString(),
      apiKey: expect.stringMatching(/^ck_dev_[0-9a-f]{4}_[0-9A-Za-z]{43}[0-9a-f]{4}$/),
    });
    expect(parseKey(key.apiKey)).toMatchObject({ ok: true, fingerprint: key.fingerprint });
    await revoke(key.fingerprint);
  });

  it.each([
    ['dev', 'ck_dev_'],
    ['sandbox', 'ck_sandbox_'],
    ['prod', 'ck_live_'],
  ])('starts with the prefix of %s, which is kept nowhere', async (environment, prefix) => {
    const key = await created({ environment });
    expect(key).toMatchObject({ environment, workspace: null, level: 'developer', description: '' });
    expect(key.apiKey.startsWith(prefix)).toBe(true);
    expect(await keyRow(app.deps.store, key.keyId)).toMatchObject({ prefix: '', environment });
    const kept = await tableText(app.deps.store, 'api_keys');
    expect(kept).not.toContain(prefix);
    expect(kept).not.toContain(key.apiKey.slice(-47, -4));
    await revoke(key.fingerprint, environment);
  });

  it('draws again while a fingerprint is taken, also by a key that is revoked', async () => {
    const bytes = new Uint8Array(32).fill(7);
    const drawn = [bytes, bytes, bytes, new Uint8Array(32).fill(8)];
    const random = { ...app.deps.random, bytes: () => drawn.shift() ?? new Uint8Array(32) };
    const principal = {
      family: 'session',
      keyId: null,
      scopes: [],
      organizationId: null,
      userId: team.owner.userId,
      sessionId: (await app.deps.sessions.authenticate(team.owner.token)).sessionId,
    } as const;
    const mint = () =>
      createEnvironmentKey({ ...app.deps, audit: silentRecorder, random }, principal, {
        organizationId: team.organizationId,
        environment: 'dev',
        name: 'Drawn',
        level: 'runner',
      });
    const first = await mint();
    await revoke(first.fingerprint);
    const second = await mint();
    expect(drawn).toEqual([]);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    await revoke(second.fingerprint);
  });

  describe('refuses (contract/culvii.md D.1)', () => {
    it('whoever is not signed in', async () => {
      const answer = await ask(app, 'environmentKeys.create', { ...place(), name: 'CI' });
      expect(refusal(answer)).toEqual({ status: 401, code: 'NOT_AUTHENTICATED' });
      expect(answer.body.error.message).toBe('Run latchkey login first.');
    });

    it.each(['admin', 'developer', 'runner', 'read-only'])('a key of the level %s', async (level) => {
      const { apiKey, fingerprint } = await created({ level });
      const answer = await create({}, apiKey);
      expect(refusal(answer)).toEqual({ status: 403, code: 'KEY_CANNOT_MINT' });
      expect(answer.body.error.message).toBe('A key cannot mint another key. Run latchkey login first.');
      await revoke(fingerprint);
      expect(refusal(await create({}, apiKey)).code).toBe('KEY_REVOKED');
    });

    it.each([
      [
        { level: 'root' },
        400,
        'INVALID_LEVEL',
        'Invalid scope. Valid values: admin, developer, runner, read-only',
      ],
      [{ level: 'Developer' }, 400, 'INVALID_LEVEL', errors.INVALID_LEVEL.message],
      [{ name: '' }, 400, 'NAME_REQUIRED', 'Name is required.'],
      [{ name: ' \t' }, 400, 'NAME_REQUIRED', 'Name is required.'],
      [{ name: undefined }, 400, 'NAME_REQUIRED', 'Name is required.'],
      [{ workspace: 'nowhere' }, 404, 'WORKSPACE_NOT_FOUND', 'Workspace not found: nowhere'],
      [{ workspace: 'No Where' }, 400, 'INVALID_SLUG', errors.INVALID_SLUG.message],
    ])('%j', async (input, status, code, message) => {
      const answer = await create(input);
      expect(refusal(answer)).toEqual({ status, code });
      expect(answer.body.error.message).toBe(message);
    });

    it('a level that the caller does not have there, before it says how many keys there are', async () => {
      const full = [];
      for (let count = 0; count < 5; count += 1) full.push(await created({ workspace }));
      const above = await create({ workspace, level: 'admin' }, developer.token);
      expect(refusal(above)).toEqual({ status: 403, code: 'LEVEL_ESCALATION' });
      expect(above.body.error.message).toBe('Cannot mint a key with greater scope than your own.');
      const sixth = await create({ workspace }, developer.token);
      expect(refusal(sixth)).toEqual({ status: 409, code: 'WORKSPACE_KEY_LIMIT', details: { limit: 5 } });
      expect(sixth.body.error.message).toBe(
        'Workspace has 5 active keys. Revoke one before creating another.',
      );
      for (const { fingerprint } of full) await revoke(fingerprint);
    });

    it('the sixth tenant-wide key, which has a bucket of its own in each environment', async () => {
      const full = [];
      for (let count = 0; count < 5; count += 1) full.push(await created({}));
      const sixth = await create({});
      expect(refusal(sixth)).toEqual({ status: 409, code: 'ORGANIZATION_KEY_LIMIT', details: { limit: 5 } });
      expect(sixth.body.error.message).toBe(
        'Tenant has 5 active tenant-wide keys. Revoke one before creating another.',
      );
      for (const input of [{ workspace }, { environment: 'prod' }]) {
        const { fingerprint, environment } = await created(input);
        await revoke(fingerprint, environment);
      }
      for (const { fingerprint } of full) await revoke(fingerprint);
      await revoke((await created({})).fingerprint);
    });

    it('an organization that the caller does not belong to, as one that does not exist', async () => {
      const stranger = await foundTeam(app, 'eve@example.com');
      for (const organizationId of [team.organizationId, 'xwk9CcT440Vupa8soIhY']) {
        const input = { ...place(), organizationId, name: 'CI', workspace };
        const answer = await ask(app, 'environmentKeys.create', input, stranger.owner.token);
        expect(refusal(answer)).toEqual({ status: 404, code: 'ORGANIZATION_NOT_FOUND' });
      }
    });
  });

  it('goes by the level in the workspace, and tenant-wide by the role alone', async () => {
    await revoke((await created({ workspace, level: 'admin' }, granted)).fingerprint);
    for (const elsewhere of [{}, { workspace, environment: 'prod' }]) {
      const refused = await create({ ...elsewhere, level: 'developer' }, granted.token);
      expect(refusal(refused).code).toBe('LEVEL_ESCALATION');
      const { fingerprint, environment } = await created({ ...elsewhere, level: 'runner' }, granted);
      await revoke(fingerprint, environment);
    }
  });
});
