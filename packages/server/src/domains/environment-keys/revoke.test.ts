import { parseKey } from '@latchkey/keys';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, joined, must, type Person } from '../people-for-tests.ts';
import { keyRow } from '../rows-for-tests.sql.ts';
import { type KeyRoom, openRoom } from './environment-keys-for-tests.ts';

describeEachEngine('revoking an environment key', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  let joiners = 0;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  function member(role: 'admin' | 'developer'): Promise<Person> {
    joiners += 1;
    return joined(app, room.team.organizationId, `joiner${joiners}@example.com`, role);
  }
  const revoked = async (key: string, credential?: string) =>
    refusal(await room.ask('environmentKeys.revoke', { key }, credential));

  it('is final, in force at once, and keeps the record', async () => {
    const key = await room.mint();
    const answer = await room.revoke(key.fingerprint);
    const revokedAt = new Date(app.clock.now()).toISOString();
    const { keyId, name, fingerprint } = key;
    const receipt = { sequence: expect.any(Number), signed: expect.stringMatching(/^eyJ/) };
    expect(answer).toMatchObject({ keyId, name, fingerprint, revokedAt, predecessor: null, receipt });
    const { status, body } = await room.present(key.apiKey);
    expect([status, body.error.code, body.error.message, body.error.nextAction]).toEqual([
      401,
      'KEY_REVOKED',
      `This API key was revoked at ${revokedAt}.`,
      'Get another key: `latchkey key create --name <name>`.',
    ]);
    expect(await room.list()).toEqual([]);
    expect(await room.list({ state: 'all' })).toMatchObject([{ keyId, state: 'revoked', revokedAt }]);
  });

  it('answers the first time when it is done again, without a change', async () => {
    const key = await room.mint();
    const first = await room.revoke(key.fingerprint);
    const row = await keyRow(app.deps.store, key.keyId);
    app.clock.advance(1000);
    const { receipt: _, ...again } = await room.revoke(key.fingerprint);
    expect(first).toMatchObject(again);
    expect(await keyRow(app.deps.store, key.keyId)).toEqual(row);
  });

  it('names the key and changes nothing in a dry run, which refuses whoever may not', async () => {
    const key = await room.mint();
    const dry = { key: key.fingerprint, dryRun: true };
    const { body } = await room.ask('environmentKeys.revoke', dry);
    expect(body.data).toMatchObject({ name: 'CI', fingerprint: key.fingerprint, revokedAt: null });
    expect(await room.outcome(key.apiKey)).toBe('OK');
    const { token } = await member('developer');
    expect(refusal(await room.ask('environmentKeys.revoke', dry, token)).code).toBe('NOT_KEY_MANAGER');
  });

  it('takes a fingerprint as shown or whole, a handle, or a name that one key has', async () => {
    for (const form of ['shown', 'whole', 'handle', 'name'] as const) {
      const key = await room.mint({ name: `By ${form}` });
      const parsed = parseKey(key.apiKey);
      const whole = parsed.ok && parsed.family === 'environment' ? parsed.fingerprintHex : '';
      const forms = { shown: key.fingerprint, whole, handle: key.handle, name: key.name };
      expect((await room.revoke(forms[form])).keyId).toBe(key.keyId);
      expect(await room.outcome(key.apiKey)).toBe('KEY_REVOKED');
    }
  });

  it('asks for the fingerprint when a name means two keys, and takes the valid one before revoked ones', async () => {
    const [first, second] = [await room.mint(), await room.mint({ workspace: undefined })];
    const answer = await room.ask('environmentKeys.revoke', { key: 'CI' });
    const candidates = [second, first].map(({ fingerprint, workspace, level, createdAt }) => ({
      fingerprint,
      workspace,
      level,
      createdAt,
    }));
    expect(answer.body.error.message).toBe('Key name is ambiguous. Use a fingerprint.');
    const { status, code, details } = refusal(answer);
    expect([status, code]).toEqual([409, 'KEY_NAME_AMBIGUOUS']);
    expect(new Set((details as { candidates: object[] }).candidates)).toEqual(new Set(candidates));
    await room.revoke(first.fingerprint);
    expect((await room.revoke('CI')).keyId).toBe(second.keyId);
    expect(await revoked('CI')).toMatchObject({ code: 'KEY_NAME_AMBIGUOUS' });
  });

  it('prefers a fingerprint to a key that is named like it', async () => {
    const meant = await room.mint();
    const named = await room.mint({ name: meant.fingerprint });
    expect((await room.revoke(meant.fingerprint)).keyId).toBe(meant.keyId);
    expect(await room.outcome(named.apiKey)).toBe('OK');
  });

  describe('refuses (contract/culvii.md D.4)', () => {
    it('a key that is not there', async () => {
      const answer = await room.ask('environmentKeys.revoke', { key: 'nothing' });
      expect(refusal(answer)).toEqual({ status: 404, code: 'ENVIRONMENT_KEY_NOT_FOUND' });
      expect(answer.body.error.message).toBe('Key not found.');
    });

    it('whoever neither decides in the organization nor has created the key', async () => {
      const [admin, one, other] = [
        await member('admin'),
        await member('developer'),
        await member('developer'),
      ];
      const [key, second] = [await room.mint({}, one), await room.mint({}, one)];
      const answer = await room.ask('environmentKeys.revoke', { key: key.fingerprint }, other.token);
      expect(refusal(answer)).toEqual({ status: 403, code: 'NOT_KEY_MANAGER' });
      expect(answer.body.error.message).toBe("Only a tenant admin or the key's creator can revoke it.");
      await room.revoke(key.fingerprint, one);
      await room.revoke(second.fingerprint, admin);
    });

    it('whoever is not signed in, and every key, itself too', async () => {
      const key = await room.mint({ level: 'admin' });
      const nobody = await ask(app, 'environmentKeys.revoke', { ...room.place, key: key.fingerprint });
      expect(refusal(nobody)).toEqual({ status: 401, code: 'NOT_AUTHENTICATED' });
      const answer = await room.ask('environmentKeys.revoke', { key: key.fingerprint }, key.apiKey);
      expect(refusal(answer)).toEqual({ status: 403, code: 'KEY_CANNOT_REVOKE' });
      expect(answer.body.error.message).toBe('Key revocation requires an OAuth session.');
    });

    it('a whole secret given by mistake, without repeating it', async () => {
      const key = await room.mint();
      const answer = await room.ask('environmentKeys.revoke', { key: key.apiKey });
      expect(refusal(answer)).toMatchObject({ status: 400, code: 'SECRET_IN_INPUT' });
      expect(JSON.stringify(answer.body)).not.toContain(key.apiKey.slice(12, -4));
      expect(await room.outcome(key.apiKey)).toBe('OK');
    });
  });

  it('is the only thing that ends a key: its creator may leave', async () => {
    const leaver = await member('developer');
    const key = await room.mint({}, leaver);
    const { organizationId, owner } = room.team;
    await must(app, 'members.remove', { organizationId, memberId: leaver.userId }, owner.token);
    expect(await room.outcome(key.apiKey)).toBe('OK');
    expect(await room.list()).toMatchObject([{ createdBy: leaver.email, createdByDeparted: true }]);
    expect(await revoked(key.fingerprint, leaver.token)).toMatchObject({ code: 'ORGANIZATION_NOT_FOUND' });
    await room.revoke(key.fingerprint);
  });
});
