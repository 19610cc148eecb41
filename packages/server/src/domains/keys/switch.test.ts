import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { outcomes, refusal, together } from '../calls-for-tests.ts';
import { keyOf } from '../instances/instances-for-tests.ts';
import { ask, foundTeam, joined, must, type Team } from '../people-for-tests.ts';
import { keyRow } from '../rows-for-tests.sql.ts';

let teams = 0;

describeEachEngine('disabling and enabling a key', (open) => {
  let app: TestApp;
  let team: Team;
  let target: { readonly keyId: string; readonly apiKey: string };
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    teams += 1;
    team = await foundTeam(app, `owner${teams}@switching.example`);
    target = await mint(['skills:read', 'deploy:use-case']);
  });
  afterAll(() => app.close());

  function mint(scopes: readonly string[], input: object = {}) {
    const { organizationId, owner } = team;
    const request = { organizationId, name: 'Target', scopes, ...input };
    return must(app, 'keys.createForOrganization', request, owner.token);
  }
  const disable = (credential: string, keyId = target.keyId) =>
    ask(app, 'keys.disable', { keyId }, credential);
  const enable = (credential: string, keyId = target.keyId) => ask(app, 'keys.enable', { keyId }, credential);
  async function outcome(secret: string): Promise<string> {
    const { status, body } = await app.call('/v1/whoami', { key: secret });
    return status === 200 ? 'OK' : body.error.code;
  }
  async function listed() {
    const { organizationId, owner } = team;
    const { keys } = await must(app, 'keys.listOfOrganization', { organizationId }, owner.token);
    return keys.find(({ keyId }) => keyId === target.keyId);
  }

  it('refuses it at once, shows it in lists, and lets it come back', async () => {
    const { keyId, apiKey } = target;
    const { body } = await disable(team.owner.token);
    expect(body.data).toMatchObject({ keyId, state: 'disabled' });
    expect(refusal(await app.call('/v1/whoami', { key: apiKey }))).toEqual({
      status: 401,
      code: 'KEY_DISABLED',
    });
    expect(await listed()).toMatchObject({
      state: 'disabled',
      disabledAt: new Date(app.clock.now()).toISOString(),
    });
    expect((await enable(team.owner.token)).body.data).toMatchObject({ keyId, state: 'active' });
    expect(await outcome(apiKey)).toBe('OK');
    expect(await listed()).toMatchObject({ state: 'active', disabledAt: null });
  });

  it('changes nothing when it is done again', async () => {
    await disable(team.owner.token);
    const row = await keyRow(app.deps.store, target.keyId);
    app.clock.advance(1000);
    expect((await disable(team.owner.token)).status).toBe(200);
    expect(await keyRow(app.deps.store, target.keyId)).toEqual(row);
  });

  it('leaves a disabled key to be changed, counted and revoked', async () => {
    await disable(team.owner.token);
    expect((await ask(app, 'keys.update', { ...id(), name: 'Renamed' }, team.owner.token)).status).toBe(200);
    expect((await ask(app, 'keys.revoke', id(), team.owner.token)).status).toBe(200);
    expect(await outcome(target.apiKey)).toBe('KEY_REVOKED');
    expect(refusal(await enable(team.owner.token))).toEqual({ status: 400, code: 'KEY_NOT_ACTIVE' });
  });
  const id = () => ({ keyId: target.keyId });

  it('is refused for a key that has expired, disabled or not', async () => {
    const brief = await mint(['skills:read'], { expiresInDays: 1 });
    await disable(team.owner.token, brief.keyId);
    app.clock.advance(86_400_000);
    const admin = await keyOf(app, 'admin');
    for (const answer of [await enable(admin, brief.keyId), await disable(admin, brief.keyId)]) {
      expect(refusal(answer).code).toBe('KEY_NOT_ACTIVE');
      expect(answer.body.error.message).toContain('expired');
    }
  });

  it('takes what managing the key takes, and enabling besides what the key holds', async () => {
    const weak = await mint(['api-keys:manage', 'skills:read']);
    const runner = await joined(app, team.organizationId, `runner${teams}@switching.example`, 'runner');
    expect(refusal(await disable(runner.token)).code).toBe('ROLE_REQUIRED');
    expect((await disable(weak.apiKey)).status).toBe(200);
    expect(refusal(await enable(weak.apiKey))).toEqual({
      status: 403,
      code: 'SCOPE_ESCALATION',
      details: { scopes: ['deploy:use-case'] },
    });
    expect(await outcome(target.apiKey)).toBe('KEY_DISABLED');
  });

  it('lets a key disable itself, which only another can undo', async () => {
    const own = await mint(['api-keys:manage']);
    expect((await disable(own.apiKey, own.keyId)).status).toBe(200);
    expect(refusal(await enable(own.apiKey, own.keyId)).code).toBe('KEY_DISABLED');
    expect((await enable(team.owner.token, own.keyId)).status).toBe(200);
  });

  it('is not known of keys of other organizations, of instances and of environments', async () => {
    const rival = await foundTeam(app, `rival${teams}@switching.example`);
    expect(refusal(await disable(rival.owner.token)).code).toBe('ROLE_REQUIRED');
    expect(refusal(await disable(team.owner.token, crypto.randomUUID())).code).toBe('KEY_NOT_FOUND');
    expect(await outcome(target.apiKey)).toBe('OK');
  });

  it('happens once for 64 callers, and no call by the key is accepted after the first answer', async () => {
    const manager = await mint(['api-keys:manage', 'skills:read', 'deploy:use-case']);
    const answers = await together(async (index) => {
      if (index % 2 === 1) return app.call('/v1/whoami', { key: target.apiKey });
      const answer = await disable(manager.apiKey);
      expect(await outcome(target.apiKey)).toBe('KEY_DISABLED');
      return answer;
    });
    expect(Object.keys(outcomes(answers)).every((each) => each === 'OK' || each === 'KEY_DISABLED')).toBe(
      true,
    );
    const events = await app.deps.store.db
      .selectFrom('audit_events')
      .select('action')
      .where('resource', '=', target.keyId)
      .where('action', '=', 'key.disable')
      .execute();
    expect(events).toHaveLength(1);
  });
});
