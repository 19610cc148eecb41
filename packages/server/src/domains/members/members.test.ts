import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, foundTeam, joined, must, type Person, type Team } from '../people-for-tests.ts';

let teams = 0;

describeEachEngine('members of an organization', (open) => {
  let app: TestApp;
  let team: Team;
  let admin: Person;
  let developer: Person;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    teams += 1;
    team = await foundTeam(app, `owner${teams}@members.example`);
    admin = await joined(app, team.organizationId, `admin${teams}@members.example`, 'admin');
    developer = await joined(app, team.organizationId, `dev${teams}@members.example`, 'developer');
  });
  afterAll(() => app.close());

  const changeRole = (of: Person, role: string, by: Person = team.owner) =>
    ask(
      app,
      'members.changeRole',
      { organizationId: team.organizationId, memberId: of.userId, role },
      by.token,
    );
  const remove = (of: Person, by: Person = team.owner) =>
    ask(app, 'members.remove', { organizationId: team.organizationId, memberId: of.userId }, by.token);
  const organizationsOf = async ({ token }: Person) =>
    (await must(app, 'sessions.me', {}, token)).organizations.map(({ id, role }) => [id, role]);

  it('are shown to every member', async () => {
    const { members } = await must(
      app,
      'members.list',
      { organizationId: team.organizationId },
      developer.token,
    );
    expect(members.map(({ email, role }) => [email, role]).toSorted()).toEqual([
      [admin.email, 'admin'],
      [developer.email, 'developer'],
      [team.owner.email, 'owner'],
    ]);
  });

  it('are promoted and demoted with the next request', async () => {
    const { body } = await changeRole(developer, 'owner');
    expect(body.data).toMatchObject({ memberId: developer.userId, email: developer.email, role: 'owner' });
    expect(await organizationsOf(developer)).toEqual([[team.organizationId, 'owner']]);
    expect((await changeRole(admin, 'owner', developer)).status).toBe(200);
    expect((await changeRole(developer, 'read-only')).status).toBe(200);
    expect(refusal(await changeRole(admin, 'runner', developer)).code).toBe('ADMIN_REQUIRED');
  });

  it('lose the organization at once in a session that goes on', async () => {
    const place = { organizationId: team.organizationId, environment: 'dev' };
    expect((await ask(app, 'environmentKeys.create', { ...place, name: 'CI' }, developer.token)).status).toBe(
      200,
    );
    expect((await remove(developer)).body.data).toEqual({
      memberId: developer.userId,
      email: developer.email,
    });
    expect(await organizationsOf(developer)).toEqual([]);
    for (const [id, input] of [
      ['environmentKeys.create', { ...place, name: 'CI' }],
      ['environmentKeys.list', place],
      ['workspaces.list', place],
      ['members.list', { organizationId: team.organizationId }],
    ] as const) {
      expect(refusal(await ask(app, id, input, developer.token)).code).toBe('ORGANIZATION_NOT_FOUND');
    }
  });

  it('may leave, whatever they are, and come back without what they were granted', async () => {
    const place = { organizationId: team.organizationId, environment: 'dev', slug: 'payments' };
    await must(app, 'workspaces.create', { ...place, name: 'Payments' }, admin.token);
    const grant = { ...place, memberId: developer.userId, level: 'admin' };
    await must(app, 'workspaces.setLevel', grant, admin.token);
    expect((await remove(developer, developer)).status).toBe(200);
    await joined(app, team.organizationId, developer.email, 'runner');
    const { workspaces } = await must(
      app,
      'workspaces.list',
      { organizationId: team.organizationId, environment: 'dev' },
      developer.token,
    );
    expect(workspaces).toMatchObject([{ slug: 'payments', level: 'runner' }]);
  });

  describe('are protected:', () => {
    it('nobody decides on others without being owner or admin', async () => {
      expect(refusal(await remove(admin, developer))).toEqual({ status: 403, code: 'ADMIN_REQUIRED' });
      expect(refusal(await changeRole(developer, 'admin', developer)).code).toBe('ADMIN_REQUIRED');
    });

    it('nobody gives, takes or changes a role above their own', async () => {
      for (const answer of [
        await changeRole(developer, 'owner', admin),
        await changeRole(admin, 'owner', admin),
        await changeRole(team.owner, 'runner', admin),
        await remove(team.owner, admin),
      ]) {
        expect(refusal(answer)).toEqual({ status: 403, code: 'ROLE_ESCALATION' });
      }
    });

    it('the last owner neither leaves nor steps down, and does once there is another', async () => {
      expect(refusal(await remove(team.owner))).toEqual({ status: 409, code: 'LAST_OWNER' });
      expect(refusal(await changeRole(team.owner, 'admin'))).toEqual({ status: 409, code: 'LAST_OWNER' });
      expect((await changeRole(team.owner, 'owner')).status).toBe(200);
      await changeRole(admin, 'owner');
      expect((await remove(team.owner)).status).toBe(200);
    });

    it('nobody is found who is not there', async () => {
      const stranger = await foundTeam(app, `eve${teams}@example.com`);
      expect(refusal(await remove(stranger.owner))).toEqual({ status: 404, code: 'MEMBER_NOT_FOUND' });
      expect(refusal(await changeRole(stranger.owner, 'runner')).code).toBe('MEMBER_NOT_FOUND');
      expect(refusal(await remove(developer, stranger.owner)).code).toBe('ORGANIZATION_NOT_FOUND');
    });
  });
});
