import { errors } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, foundTeam, joined, must, type Person, type Team } from '../people-for-tests.ts';
import { keyRow } from '../rows-for-tests.sql.ts';

let teams = 0;

describeEachEngine('workspaces', (open) => {
  let app: TestApp;
  let team: Team;
  let developer: Person;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    teams += 1;
    team = await foundTeam(app, `owner${teams}@workspaces.example`);
    developer = await joined(app, team.organizationId, `dev${teams}@workspaces.example`, 'developer');
  });
  afterAll(() => app.close());

  const place = (environment = 'dev') => ({ organizationId: team.organizationId, environment });
  const create = (input: object = {}, by: Person = team.owner) =>
    ask(app, 'workspaces.create', { ...place(), slug: 'payments', name: 'Payments', ...input }, by.token);
  const remove = (input: object = {}, by: Person = team.owner) =>
    ask(app, 'workspaces.delete', { ...place(), slug: 'payments', ...input }, by.token);
  const setLevel = (level: string | null, of: Person = developer, by: Person = team.owner) =>
    ask(app, 'workspaces.setLevel', { ...place(), slug: 'payments', memberId: of.userId, level }, by.token);
  const slugs = async (environment = 'dev', by: Person = team.owner) => {
    const { workspaces } = await must(app, 'workspaces.list', place(environment), by.token);
    return workspaces.map(({ slug, level }) => [slug, level]);
  };

  it('are made in one environment and listed by slug with the level that the caller has', async () => {
    const { body } = await create();
    expect(body.data).toEqual({
      workspaceId: expect.stringMatching(/^wsp_[0-9A-Za-z]{20}$/),
      environment: 'dev',
      slug: 'payments',
      name: 'Payments',
      createdAt: new Date(app.clock.now()).toISOString(),
    });
    expect((await create({ slug: 'billing', name: 'Payments' })).status).toBe(200);
    expect((await create({ environment: 'prod' })).body.data.workspaceId).not.toBe(body.data.workspaceId);
    expect(await slugs()).toEqual([
      ['billing', 'admin'],
      ['payments', 'admin'],
    ]);
    expect(await slugs('prod', developer)).toEqual([['payments', 'developer']]);
    expect(await slugs('sandbox')).toEqual([]);
  });

  it('raise a member by what they are granted, never lower them, and forget it when it is taken', async () => {
    await create();
    expect((await setLevel('admin')).body.data).toEqual({
      memberId: developer.userId,
      granted: 'admin',
      level: 'admin',
    });
    expect(await slugs('dev', developer)).toEqual([['payments', 'admin']]);
    expect((await setLevel('runner')).body.data).toMatchObject({ granted: 'runner', level: 'developer' });
    expect((await setLevel(null)).body.data).toMatchObject({ granted: null, level: 'developer' });
    expect(await slugs('dev', developer)).toEqual([['payments', 'developer']]);
  });

  it('tell those who may grant levels what is granted, and nobody else', async () => {
    await create();
    await create({ slug: 'billing' });
    await setLevel('admin');
    const granted = async (by: Person, environment = 'dev') => {
      const { workspaces } = await must(app, 'workspaces.list', place(environment), by.token);
      return workspaces.map(({ slug, grants }) => [slug, grants]);
    };
    expect(await granted(team.owner)).toEqual([
      ['billing', []],
      ['payments', [{ memberId: developer.userId, level: 'admin' }]],
    ]);
    expect(await granted(developer)).toEqual([
      ['billing', null],
      ['payments', null],
    ]);
    await setLevel(null);
    expect(await granted(team.owner)).toContainEqual(['payments', []]);
    await remove();
    expect(await granted(team.owner)).toEqual([['billing', []]]);
  });

  it('revoke their keys when they are deleted, keep the rows, and free the slug', async () => {
    await create();
    const mint = async (input: object) =>
      must(app, 'environmentKeys.create', { ...place(), name: 'CI', ...input }, team.owner.token);
    const present = async (secret: string) =>
      (await ask(app, 'environmentKeys.whoami', { environment: 'dev' }, secret)).body.error?.code ?? 'OK';
    const [own, wide] = [await mint({ workspace: 'payments' }), await mint({})];
    const { body } = await remove();
    expect(body.data).toMatchObject({ slug: 'payments', revokedKeys: 1 });
    expect([await present(own.apiKey), await present(wide.apiKey)]).toEqual(['KEY_REVOKED', 'OK']);
    expect((await keyRow(app.deps.store, own.keyId)).revoked_at).toBe(app.clock.now());
    expect((await create()).status).toBe(200);
    const listed = await must(
      app,
      'environmentKeys.list',
      { ...place(), state: 'all', workspace: 'payments' },
      team.owner.token,
    );
    expect(listed.keys).toEqual([]);
    const rotated = await ask(
      app,
      'environmentKeys.rotate',
      { ...place(), key: own.fingerprint },
      team.owner.token,
    );
    expect(refusal(rotated).code).toBe('CANNOT_ROTATE_REVOKED');
  });

  describe('refuse', () => {
    it.each(['Payments', '-payments', 'pay_ments', 'a'.repeat(64), ''])('the slug %j', async (slug) => {
      const answer = await create({ slug });
      expect(refusal(answer)).toEqual({ status: 400, code: 'INVALID_SLUG' });
      expect(answer.body.error.message).toBe('Invalid slug format. Must match ^[a-z0-9][a-z0-9-]{0,62}$');
    });

    it('a slug that is taken, and one that is not there', async () => {
      await create({ slug: 'a'.repeat(63) });
      const taken = await create({ slug: 'a'.repeat(63) });
      expect(refusal(taken)).toEqual({ status: 409, code: 'SLUG_TAKEN' });
      expect(taken.body.error.message).toBe(`Slug '${'a'.repeat(63)}' is already taken in this org.`);
      const answers = [await remove(), await setLevel('runner'), await remove({ environment: 'prod' })];
      for (const answer of answers) {
        expect(refusal(answer)).toEqual({ status: 404, code: 'WORKSPACE_NOT_FOUND' });
      }
    });

    it('names that are empty and levels that do not exist', async () => {
      await create();
      expect(refusal(await create({ slug: 'x', name: ' ' }))).toEqual({ status: 400, code: 'NAME_REQUIRED' });
      const answer = await setLevel('owner');
      expect(refusal(answer)).toEqual({ status: 400, code: 'INVALID_LEVEL' });
      expect(answer.body.error.message).toBe(errors.INVALID_LEVEL.message);
    });

    it('whoever does not decide in the organization', async () => {
      await create();
      const answers = [
        await create({ slug: 'x' }, developer),
        await remove({}, developer),
        await setLevel('admin', developer, developer),
      ];
      for (const answer of answers) {
        expect(refusal(answer)).toEqual({ status: 403, code: 'ADMIN_REQUIRED' });
      }
      const stranger = await foundTeam(app, `eve${teams}@workspaces.example`);
      for (const answer of [await create({}, stranger.owner), await remove({}, stranger.owner)]) {
        expect(refusal(answer).code).toBe('ORGANIZATION_NOT_FOUND');
      }
      expect(refusal(await setLevel('admin', stranger.owner)).code).toBe('MEMBER_NOT_FOUND');
    });
  });
});
