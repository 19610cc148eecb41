import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { outcomes, together } from '../calls-for-tests.ts';
import { ask, joined, must } from '../people-for-tests.ts';
import { type KeyRoom, openRoom } from './environment-keys-for-tests.ts';

describeEachEngine('64 callers at once', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  it.each([
    ['of a workspace', 'payments', 'WORKSPACE_KEY_LIMIT'],
    ['tenant-wide', undefined, 'ORGANIZATION_KEY_LIMIT'],
  ])('make one key %s at four of five, and five at none', async (_name, workspace, limit) => {
    const input = { name: 'CI', ...(workspace && { workspace }) };
    const create = () => together(() => room.ask('environmentKeys.create', input));
    expect(outcomes(await create())).toEqual({ OK: 5, [limit]: 59 });
    const [last] = await room.list();
    await room.revoke(last?.fingerprint ?? '');
    expect(outcomes(await create())).toEqual({ OK: 1, [limit]: 63 });
    expect((await room.list()).length).toBe(5);
  });

  it('rotate a key once', async () => {
    const { fingerprint } = await room.mint();
    const answers = await together(() => room.ask('environmentKeys.rotate', { key: fingerprint }));
    expect(outcomes(answers)).toEqual({ OK: 1, ALREADY_ROTATING: 63 });
    expect((await room.list()).map(({ state }) => state).sort()).toEqual(['active', 'rotating']);
  });

  it('revoke a key at one time', async () => {
    const { fingerprint } = await room.mint();
    const answers = await together(() => room.ask('environmentKeys.revoke', { key: fingerprint }));
    expect(outcomes(answers)).toEqual({ OK: 64 });
    expect(new Set(answers.map(({ body }) => body.data.revokedAt)).size).toBe(1);
  });

  it('leave no valid key in a workspace that one of them deletes', async () => {
    const { fingerprint } = await room.mint();
    const answers = await together((index) => {
      if (index === 20) return room.ask('workspaces.delete', { slug: room.workspace });
      if (index % 2 === 0) return room.ask('environmentKeys.rotate', { key: fingerprint });
      return room.ask('environmentKeys.create', { name: 'CI', workspace: room.workspace });
    });
    expect(answers[20]?.status).toBe(200);
    const minted = answers.flatMap(({ body }) => body.data?.apiKey ?? []);
    expect(minted.length).toBe(answers[20]?.body.data.revokedKeys - 1);
    for (const secret of minted) expect(await room.outcome(secret)).toBe('KEY_REVOKED');
    expect(await room.list()).toEqual([]);
  });

  it('make one workspace of a slug, and delete it once', async () => {
    const slug = 'raced';
    const made = await together(() => room.ask('workspaces.create', { slug, name: 'Raced' }));
    expect(outcomes(made)).toEqual({ OK: 1, SLUG_TAKEN: 63 });
    const deleted = await together(() => room.ask('workspaces.delete', { slug }));
    expect(outcomes(deleted)).toEqual({ OK: 1, WORKSPACE_NOT_FOUND: 63 });
    expect((await room.ask('workspaces.create', { slug, name: 'Again' })).status).toBe(200);
  });

  it('never take the last owner: of two who leave or demote each other, one stays', async () => {
    const { organizationId, owner } = room.team;
    const second = await joined(
      app,
      organizationId,
      `second@${organizationId.toLowerCase()}.example`,
      'owner',
    );
    const answers = await together((index) => {
      const [by, of] = index % 2 === 0 ? [owner, second] : [second, owner];
      const input = { organizationId, memberId: index % 3 === 0 ? by.userId : of.userId };
      return index % 4 < 2
        ? ask(app, 'members.remove', input, by.token)
        : ask(app, 'members.changeRole', { ...input, role: 'runner' }, by.token);
    });
    const left = await Promise.all(
      [owner, second].map(async ({ token }) => {
        const { organizations } = await must(app, 'sessions.me', {}, token);
        return organizations.filter(({ id, role }) => id === organizationId && role === 'owner').length;
      }),
    );
    expect(left.toSorted()).toEqual([0, 1]);
    expect(outcomes(answers).OK).toBeGreaterThanOrEqual(1);
  });
});
