import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { minuteMs } from '../../platform/clock.ts';
import { type KeyRoom, openRoom } from '../environment-keys/environment-keys-for-tests.ts';
import { ask, joined, must, type Person } from '../people-for-tests.ts';
import { findNames } from './names.sql.ts';

describeEachEngine('the list of audit events', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  let runner: Person;
  let keyId: string;
  let later: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    room = await openRoom(app);
    const { organizationId } = room.place;
    runner = await joined(app, organizationId, 'runner@listed.example', 'runner');
    keyId = (await room.mint({ name: 'First' })).keyId;
    await must(app, 'members.invite', { organizationId, email: 'new@listed.example' }, room.team.owner.token);
    app.clock.advance(minuteMs);
    later = new Date(app.clock.now()).toISOString();
    await ask(app, 'environmentKeys.create', { ...room.place, name: 'No', level: 'admin' }, runner.token);
    await room.ask('workspaces.create', { environment: 'prod', name: 'Live', slug: 'live' });
  });
  afterAll(() => app.close());

  async function list(filter: object = {}) {
    const { organizationId } = room.place;
    return must(app, 'audit.list', { organizationId, ...filter }, room.team.owner.token);
  }
  const told = async (filter: object) =>
    (await list(filter)).events.map(({ action, outcome }) => `${action} ${outcome}`);

  it('is newest first', async () => {
    expect(await told({})).toEqual([
      'workspace.create done',
      'key.create refused',
      'member.invite done',
      'key.create done',
      'workspace.create done',
      'auth.signup done',
    ]);
  });

  it('is narrowed by each filter, and by all of them together', async () => {
    expect(await told({ action: 'key.create' })).toEqual(['key.create refused', 'key.create done']);
    expect(await told({ outcome: 'refused' })).toEqual(['key.create refused']);
    expect(await told({ environment: 'prod' })).toEqual(['workspace.create done']);
    expect(await told({ workspace: 'payments' })).toEqual(['key.create done', 'workspace.create done']);
    expect(await told({ resource: keyId })).toEqual(['key.create done']);
    expect(await told({ actor: runner.userId })).toEqual(['key.create refused']);
    expect(await told({ actor: runner.email.toUpperCase() })).toEqual(['key.create refused']);
    for (const part of ['runner', 'RUNNER@', 'listed.ex']) {
      expect(await told({ actor: part, outcome: 'refused' }), part).toEqual(['key.create refused']);
    }
    expect(await told({ actor: 'listed%' })).toEqual([]);
    expect(await told({ since: later })).toEqual(['workspace.create done', 'key.create refused']);
    expect((await told({ until: later })).length).toBe(4);
    expect(await told({ until: later, action: 'key.create', outcome: 'done' })).toEqual(['key.create done']);
    expect(await told({ actor: 'nobody@listed.example' })).toEqual([]);
  });

  it('says what is called how now, to this organization alone', async () => {
    const { names } = await list();
    expect(names[keyId]).toEqual({ name: 'First', processInstanceId: null });
    expect(Object.values(names)).toContainEqual({ name: 'Live', processInstanceId: null });
    const other = await openRoom(app);
    const { organizationId } = other.place;
    const strange = await must(app, 'audit.list', { organizationId }, other.team.owner.token);
    expect(Object.keys(strange.names)).not.toContain(keyId);
    expect(await findNames(app.deps.store.db, organizationId, [keyId])).toEqual([]);
  });

  it('comes page by page, each event once', async () => {
    const first = await list({ limit: 4 });
    const second = await list({ limit: 4, cursor: first.nextCursor });
    expect([...first.events, ...second.events].map(({ seq }) => seq)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(second.nextCursor).toBeNull();
  });

  it('names whoever was a member, also after they have gone, and nobody of whom it only refused something', async () => {
    const { organizationId } = room.place;
    const { token } = room.team.owner;
    const gone = await joined(app, organizationId, 'gone@listed.example', 'runner');
    const stranger = (await openRoom(app)).team.owner;
    await must(
      app,
      'members.changeRole',
      { organizationId, memberId: gone.userId, role: 'developer' },
      token,
    );
    await must(app, 'members.remove', { organizationId, memberId: gone.userId }, token);
    await ask(app, 'members.remove', { organizationId, memberId: stranger.userId }, token);
    const { events, names } = await list({ resource: gone.userId });
    expect(events.map(({ action }) => action)).toContain('member.change_role');
    expect(names[gone.userId]?.name).toBe('gone@listed.example');
    expect((await list()).names).not.toHaveProperty(stranger.userId);
  });

  it('finds what a key did by a part of its name', async () => {
    const { organizationId } = room.place;
    const { token } = room.team.owner;
    const scopes = ['api-keys:manage'];
    const wanted = { organizationId, name: 'Nightly clean-up', scopes };
    const { apiKey, keyId: ownId } = await must(app, 'keys.createForOrganization', wanted, token);
    await ask(app, 'members.remove', { organizationId, memberId: 'nobody' }, apiKey);
    const { events, names } = await list({ actor: 'nightly clean' });
    expect(events).toMatchObject([{ actor: { kind: 'key', id: ownId } }]);
    expect(names[ownId]?.name).toBe('Nightly clean-up');
  });
});
