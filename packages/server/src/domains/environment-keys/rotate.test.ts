import { describeEachEngine, signIn, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, joined, must } from '../people-for-tests.ts';
import { keyRow } from '../rows-for-tests.sql.ts';
import { type KeyRoom, openRoom } from './environment-keys-for-tests.ts';
import { sweepRotated } from './sweep.ts';

const dayMs = 86_400_000;
const secondMs = 1000;

describeEachEngine('rotating an environment key', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  const refused = async (key: string, credential?: string) =>
    refusal(await room.ask('environmentKeys.rotate', { key }, credential));
  /** Signed in again, whatever time has passed. */
  const ownerNow = async () => ({ ...room.team.owner, token: await signIn(app, room.team.owner.email) });

  it('makes a key that may do the same, and says when the old one ends and who used it last', async () => {
    const old = await room.mint({ name: 'deploy', level: 'runner' });
    const made = await room.rotate(old.fingerprint);
    expect(made).toEqual({
      ...old,
      keyId: expect.not.stringMatching(old.keyId),
      fingerprint: expect.not.stringMatching(old.fingerprint),
      handle: expect.stringMatching(/^ck_dev_[0-9a-f]{4}_[0-9a-f]{4}$/),
      apiKey: expect.stringMatching(/^ck_dev_[0-9a-f]{4}_[0-9A-Za-z]{43}[0-9a-f]{4}$/),
      replaced: {
        keyId: old.keyId,
        fingerprint: old.fingerprint,
        endsAt: new Date(app.clock.now() + dayMs).toISOString(),
        lastUsed: null,
      },
      receipt: expect.objectContaining({ holders: expect.any(Array) }),
    });
    expect([await room.outcome(old.apiKey), await room.outcome(made.apiKey)]).toEqual(['OK', 'OK']);
  });

  it('shows when, from where and with which client the old secret was last used, refused uses aside', async () => {
    const old = await room.mint();
    const use = (client: string, from: string, path = '/v1/environments/dev/whoami') =>
      app.call(path, { headers: { 'x-api-key': old.apiKey, 'user-agent': client }, from });
    await use('deploy-bot/1.4', '203.0.113.7');
    const at = new Date(app.clock.now()).toISOString();
    app.clock.advance(60_000);
    expect((await use('refused/1', '203.0.113.8', '/v1/environments/dev/whoami?level=admin')).status).toBe(
      403,
    );
    expect((await use('refused/2', '203.0.113.8', '/v1/environments/prod/whoami')).status).toBe(401);
    const lastUsed = { at, address: '203.0.113.7', client: 'deploy-bot/1.4' };
    expect(await room.list()).toMatchObject([{ lastUsed }]);
    expect((await keyRow(app.deps.store, old.keyId)).last_used_at).toBeNull();
    expect((await room.rotate(old.fingerprint)).replaced).toMatchObject({ lastUsed });
    await app.deps.lastUsed.flush();
    expect(await room.list()).toMatchObject([{ lastUsed: null }, { lastUsed }]);
  });

  describe.each([
    ['without a sweeper', false],
    ['with a sweeper', true],
  ])('%s', (_name, sweeps) => {
    it.each([
      ['a second before 24 hours', dayMs - secondMs, 'OK', 'rotating'],
      ['a millisecond before', dayMs - 1, 'OK', 'rotating'],
      ['at 24 hours', dayMs, 'KEY_REVOKED', 'revoked'],
      ['a second after', dayMs + secondMs, 'KEY_REVOKED', 'revoked'],
    ])('%s the old key is %3$s', async (_when, afterMs, outcome, state) => {
      const old = await room.mint();
      const made = await room.rotate(old.fingerprint);
      const endsAt = app.clock.now() + dayMs;
      app.clock.advance(afterMs);
      if (sweeps) await sweepRotated(app.deps);
      expect([await room.outcome(old.apiKey), await room.outcome(made.apiKey)]).toEqual([outcome, 'OK']);
      const row = await keyRow(app.deps.store, old.keyId);
      expect(row.revoked_at).toBe(sweeps && outcome !== 'OK' ? endsAt : null);
      // Signing in lets 30 seconds pass.
      if (outcome === 'OK') return;
      const shown = (await room.list({ state: 'all' }, await ownerNow())).find(
        ({ keyId }) => keyId === old.keyId,
      );
      expect(shown).toMatchObject({ state, revokedAt: new Date(endsAt).toISOString() });
      expect((await room.list({}, await ownerNow())).map(({ keyId }) => keyId)).toEqual([made.keyId]);
    });
  });

  it('tells of a key that has ended since when it has', async () => {
    const old = await room.mint();
    const { replaced } = await room.rotate(old.fingerprint);
    app.clock.advance(2 * dayMs);
    const { body } = await room.present(old.apiKey);
    expect(body.error.message).toBe(`This API key was revoked at ${replaced.endsAt}.`);
  });

  it('leaves the end of the old key as it is when the new one is revoked, and says so', async () => {
    const old = await room.mint();
    const made = await room.rotate(old.fingerprint);
    const { predecessor } = await room.revoke(made.fingerprint);
    expect(predecessor).toEqual({ fingerprint: old.fingerprint, endsAt: made.replaced.endsAt });
    expect(await room.outcome(old.apiKey)).toBe('OK');
    expect((await room.revoke(old.fingerprint)).predecessor).toBeNull();
    expect(await room.outcome(old.apiKey)).toBe('KEY_REVOKED');
  });

  it('is exempt from the limit, and both keys count for a key that is created', async () => {
    const keys = [];
    for (let count = 0; count < 5; count += 1) keys.push(await room.mint());
    const [first, second] = keys;
    if (first === undefined || second === undefined) throw new Error('no keys');
    for (const { fingerprint } of keys) await room.rotate(fingerprint);
    const create = async () =>
      refusal(await room.ask('environmentKeys.create', { name: 'CI', workspace: room.workspace })).code;
    expect(await create()).toBe('WORKSPACE_KEY_LIMIT');
    for (const { fingerprint } of keys) await room.revoke(fingerprint);
    expect(await create()).toBe('WORKSPACE_KEY_LIMIT');
    app.clock.advance(dayMs);
    const owner = await ownerNow();
    expect((await room.list({}, owner)).length).toBe(5);
  });

  describe('refuses (contract/culvii.md D.3)', () => {
    it('a key that is not there, or is of another environment or organization', async () => {
      const key = await room.mint();
      const other = await openRoom(app);
      const foreign = await other.mint({ name: 'Foreign' });
      for (const wanted of ['nothing', '0000...0000', foreign.fingerprint, 'Foreign', foreign.handle]) {
        expect(await refused(wanted)).toEqual({ status: 404, code: 'ENVIRONMENT_KEY_NOT_FOUND' });
      }
      const input = { ...room.place, environment: 'prod', key: key.fingerprint };
      const answer = await ask(app, 'environmentKeys.rotate', input, room.team.owner.token);
      expect(answer.body.error.message).toBe('Key not found.');
    });

    it('whoever is not signed in, and every key', async () => {
      const key = await room.mint({ level: 'admin' });
      const nobody = await ask(app, 'environmentKeys.rotate', { ...room.place, key: key.fingerprint });
      expect(refusal(nobody)).toEqual({ status: 401, code: 'NOT_AUTHENTICATED' });
      const answer = await room.ask('environmentKeys.rotate', { key: key.fingerprint }, key.apiKey);
      expect(refusal(answer)).toEqual({ status: 403, code: 'KEY_CANNOT_MINT' });
      expect(answer.body.error.message).toBe('A key cannot mint another key. Run latchkey login first.');
    });

    it('a key that is revoked', async () => {
      const key = await room.mint();
      await room.revoke(key.fingerprint);
      const answer = await room.ask('environmentKeys.rotate', { key: key.fingerprint });
      expect(refusal(answer)).toEqual({ status: 409, code: 'CANNOT_ROTATE_REVOKED' });
      expect(answer.body.error.message).toBe('Cannot rotate a revoked key. Create a new key instead.');
    });

    it('a key in its overlap and the one that replaces it, until the overlap is over', async () => {
      const old = await room.mint();
      const made = await room.rotate(old.fingerprint);
      for (const { fingerprint } of [old, made]) {
        const answer = await room.ask('environmentKeys.rotate', { key: fingerprint });
        expect(refusal(answer)).toEqual({ status: 409, code: 'ALREADY_ROTATING' });
        expect(answer.body.error.message).toBe('Key is already being rotated.');
      }
      app.clock.advance(dayMs);
      const owner = await ownerNow();
      expect(await refused(old.fingerprint, owner.token)).toMatchObject({ code: 'CANNOT_ROTATE_REVOKED' });
      await room.rotate(made.fingerprint, owner);
    });

    it('the key of another person for all but owners and admins, and what is above the caller', async () => {
      const { organizationId } = room.team;
      const admin = await joined(
        app,
        organizationId,
        `admin@${organizationId.toLowerCase()}.example`,
        'admin',
      );
      const member = await joined(
        app,
        organizationId,
        `member@${organizationId.toLowerCase()}.example`,
        'developer',
      );
      const foreign = await room.mint({ level: 'runner' });
      const answer = await room.ask('environmentKeys.rotate', { key: foreign.fingerprint }, member.token);
      expect(refusal(answer)).toEqual({ status: 403, code: 'NOT_KEY_MANAGER' });
      expect(answer.body.error.message).toBe("Only a tenant admin or the key's creator can rotate it.");
      await room.rotate(foreign.fingerprint, admin);
      const own = await room.mint({ level: 'developer' }, member);
      const demoted = { organizationId, memberId: member.userId, role: 'runner' };
      await must(app, 'members.changeRole', demoted, room.team.owner.token);
      expect(await refused(own.fingerprint, member.token)).toEqual({ status: 403, code: 'LEVEL_ESCALATION' });
      expect(await room.outcome(own.apiKey)).toBe('OK');
    });
  });
});
