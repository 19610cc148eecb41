import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, joined, must } from '../people-for-tests.ts';
import { type KeyRoom, openRoom } from './environment-keys-for-tests.ts';

describeEachEngine('listing environment keys', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  /** Keys of one instant have no order of their own. */
  async function minted(input: Parameters<KeyRoom['mint']>[0] = {}) {
    app.clock.advance(1);
    return room.mint(input);
  }

  it('shows everything but secrets, newest first, to every member', async () => {
    const [first, second] = [await minted(), await minted({ workspace: undefined, level: 'admin' })];
    const reader = await joined(
      app,
      room.team.organizationId,
      `reader@${room.team.organizationId.toLowerCase()}.example`,
      'read-only',
    );
    const listed = await room.list({}, reader);
    expect(listed).toEqual(
      [second, first].map(({ apiKey: _, handle: _handle, environment: _environment, ...key }) => ({
        ...key,
        state: 'active',
        createdBy: room.team.owner.email,
        createdByDeparted: false,
        rotatedFrom: null,
        endsAt: null,
        revokedAt: null,
        disabledAt: null,
        lastUsed: null,
        allowedAddresses: null,
        resources: null,
        limits: null,
        budget: null,
      })),
    );
  });

  it('names the key that another one replaces, and when that ends', async () => {
    const old = await minted();
    app.clock.advance(1);
    const made = await room.rotate(old.fingerprint);
    expect(await room.list()).toMatchObject([
      { fingerprint: made.fingerprint, state: 'active', rotatedFrom: old.fingerprint, endsAt: null },
      { fingerprint: old.fingerprint, state: 'rotating', rotatedFrom: null, endsAt: made.replaced.endsAt },
    ]);
  });

  it('goes by pages, and by workspace and environment', async () => {
    for (const name of ['one', 'two', 'three']) await minted({ name });
    await minted({ name: 'wide', workspace: undefined });
    const page = async (input: object) =>
      must(app, 'environmentKeys.list', { ...room.place, ...input }, room.team.owner.token);
    const first = await page({ limit: 3 });
    expect(first.keys.map(({ name }) => name)).toEqual(['wide', 'three', 'two']);
    const second = await page({ limit: 3, cursor: first.nextCursor });
    expect(second.keys.map(({ name }) => name)).toEqual(['one']);
    expect(second.nextCursor).toBeNull();
    expect((await room.list({ workspace: 'payments' })).length).toBe(3);
    expect((await page({ environment: 'prod' })).keys).toEqual([]);
  });

  it('is open to a key of the level admin, within its own reach', async () => {
    const own = await minted({ level: 'admin' });
    const wide = await minted({ level: 'admin', workspace: undefined });
    const seenBy = async (secret: string, input: object = {}) => {
      const answer = await room.ask('environmentKeys.list', input, secret);
      return answer.status === 200 ? answer.body.data.keys.length : refusal(answer).code;
    };
    expect(await seenBy(own.apiKey)).toBe(1);
    expect(await seenBy(wide.apiKey)).toBe(2);
    expect(await seenBy(wide.apiKey, { workspace: 'payments' })).toBe(1);
    expect(await seenBy(own.apiKey, { workspace: 'nowhere' })).toBe('WORKSPACE_NOT_FOUND');
    await must(
      app,
      'workspaces.create',
      { ...room.place, slug: 'other', name: 'Other' },
      room.team.owner.token,
    );
    expect(await seenBy(own.apiKey, { workspace: 'other' })).toBe('WORKSPACE_NOT_FOUND');
    const low = await minted({ level: 'developer' });
    expect(await seenBy(low.apiKey)).toBe('KEY_SCOPE_INSUFFICIENT');
    const other = await openRoom(app);
    const input = { ...other.place };
    const foreign = await ask(app, 'environmentKeys.list', input, wide.apiKey);
    expect(refusal(foreign)).toEqual({ status: 404, code: 'ORGANIZATION_NOT_FOUND' });
  });
});
