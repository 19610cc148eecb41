import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { joined, must, type Person } from '../people-for-tests.ts';
import { setRole } from '../rows-for-tests.sql.ts';
import { type KeyRoom, openRoom } from './environment-keys-for-tests.ts';

describeEachEngine('changing an environment key', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  const update = (input: object, by?: Person | string) =>
    room.ask('environmentKeys.update', input, typeof by === 'string' ? by : by?.token);
  const code = async (answer: ReturnType<typeof update>) => refusal(await answer).code;
  function member(name: string): Promise<Person> {
    const { organizationId } = room.team;
    return joined(app, organizationId, `${name}@${organizationId.toLowerCase()}.example`, 'developer');
  }
  /** What an API is told of a key. */
  async function verdict(
    key: string,
    allScopes: string[],
  ): Promise<{ code: string; keyName: string | null }> {
    const { organizationId, owner } = room.team;
    const wanted = { organizationId, name: 'API', scopes: ['keys:verify'] };
    const { apiKey } = await must(app, 'keys.createForOrganization', wanted, owner.token);
    return must(app, 'keys.verify', { key, allScopes }, apiKey);
  }

  it('renames it, describes it and clears that again, and leaves what is not said', async () => {
    const { fingerprint: key, keyId, apiKey } = await room.mint({ level: 'runner' });
    app.clock.advance(1000);
    const renamed = await update({ key, name: 'Nightly', description: 'Runs at night' });
    expect(renamed.body.data).toMatchObject({
      ...{ keyId, fingerprint: key, name: 'Nightly', description: 'Runs at night', level: 'runner' },
      updatedAt: new Date(app.clock.now()).toISOString(),
      receipt: { signed: expect.any(String) },
    });
    expect((await update({ key, description: '' })).status).toBe(200);
    expect(await room.list()).toMatchObject([{ name: 'Nightly', description: '', level: 'runner' }]);
    expect((await verdict(apiKey, ['projects:read'])).keyName).toBe('Nightly');
  });

  it('takes away at once what a lower level does not hold, and gives what a higher one does', async () => {
    const { fingerprint: key, apiKey } = await room.mint({ level: 'developer' });
    const scopes = ['workflows:trigger'];
    expect((await verdict(apiKey, scopes)).code).toBe('VALID');
    expect((await update({ key, level: 'read-only' })).status).toBe(200);
    expect((await verdict(apiKey, scopes)).code).toBe('SCOPE_MISSING');
    expect((await room.present(apiKey)).body.data).toMatchObject({ level: 'read-only' });
    expect((await update({ key, level: 'admin' })).status).toBe(200);
    expect((await verdict(apiKey, scopes)).code).toBe('VALID');
    expect((await room.present(apiKey)).body.data).toMatchObject({ level: 'admin' });
  });

  it('is no way to a level that one does not have: only what is raised has to be theirs', async () => {
    const maker = await member('maker');
    const { fingerprint: key } = await room.mint({ level: 'runner' }, maker);
    expect(await code(update({ key, level: 'admin' }, maker))).toBe('LEVEL_ESCALATION');
    expect((await update({ key, level: 'developer' }, maker)).status).toBe(200);
    await setRole(app.deps.store, room.team.organizationId, maker.email, 'runner');
    expect((await update({ key, name: 'Still mine', level: 'developer' }, maker)).status).toBe(200);
    expect((await update({ key, level: 'read-only' }, maker)).status).toBe(200);
    expect(await code(update({ key, level: 'developer' }, maker))).toBe('LEVEL_ESCALATION');
    expect(await room.list()).toMatchObject([{ name: 'Still mine', level: 'read-only' }]);
  });

  it('is for whoever made it, and for owners and admins', async () => {
    const { fingerprint: key } = await room.mint({}, await member('maker'));
    expect(await code(update({ key, name: 'Taken' }, await member('other')))).toBe('NOT_KEY_MANAGER');
    expect((await update({ key, name: 'Kept' })).status).toBe(200);
  });

  it('stands in the chain of the organization, with what was changed', async () => {
    const { fingerprint: key, keyId } = await room.mint({ level: 'developer' });
    await update({ key, name: 'Nightly', level: 'runner' });
    const { organizationId, owner } = room.team;
    const question = { organizationId, resource: keyId, action: 'key.update' };
    const { events } = await must(app, 'audit.list', question, owner.token);
    expect(events).toMatchObject([
      {
        ...{ outcome: 'done', environment: 'dev', workspace: 'payments' },
        details: { changed: 'name level', name: 'Nightly', level: 'runner', fingerprint: key },
      },
    ]);
  });

  it('keeps it disabled, or ending, as it was', async () => {
    const { fingerprint: key, apiKey } = await room.mint();
    await room.ask('environmentKeys.disable', { key });
    expect((await update({ key, name: 'Paused' })).status).toBe(200);
    expect(await room.outcome(apiKey)).toBe('KEY_DISABLED');
    await room.ask('environmentKeys.enable', { key });
    const { replaced } = await room.rotate(key);
    expect((await update({ key, level: 'read-only' })).status).toBe(200);
    expect(await room.list()).toMatchObject([{ level: 'developer' }, { endsAt: replaced.endsAt }]);
  });

  describe('is refused', () => {
    it('where nothing is to be changed, where it has ended, and to a key', async () => {
      const { fingerprint: key } = await room.mint();
      const { apiKey } = await room.mint({ level: 'admin', name: 'Manager' });
      expect(await code(update({ key }))).toBe('INVALID_REQUEST');
      expect(await code(update({ key, level: 'owner' }))).toBe('INVALID_LEVEL');
      expect((await update({ key, name: 'Mine' }, apiKey)).status).toBeGreaterThanOrEqual(401);
      await room.revoke(key);
      expect(await code(update({ key, name: 'Again' }))).toBe('KEY_NOT_ACTIVE');
    });
  });
});
