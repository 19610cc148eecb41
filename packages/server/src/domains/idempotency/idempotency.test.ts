import { describeEachEngine, type EmptyStore, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { outcomes, refusal, together } from '../calls-for-tests.ts';
import { type KeyRoom, openRoom } from '../environment-keys/environment-keys-for-tests.ts';
import { keyOf } from '../instances/instances-for-tests.ts';
import { joined } from '../people-for-tests.ts';
import { countRows, tableText } from '../rows-for-tests.sql.ts';
import { sweepClaims } from './index.ts';

let names = 0;

describeEachEngine('a request that names itself', (open, engine) => {
  let store: EmptyStore;
  let app: TestApp;
  let room: KeyRoom;
  let name: string;
  beforeAll(async () => {
    store = await open();
    app = await startTestApp(store);
  });
  beforeEach(async () => {
    names += 1;
    name = `name-of-a-request-${names}`;
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  const send = (
    path: string,
    body: object,
    token = room.team.owner.token,
    key: string | undefined = name,
    at = app,
  ) =>
    at.call(path, {
      body,
      headers: { authorization: `Bearer ${token}`, ...(key !== undefined && { 'idempotency-key': key }) },
    });
  const keysPath = () => `/v1/organizations/${room.team.organizationId}/keys`;
  const mint = (input: object = {}, key = name, token?: string) =>
    send(keysPath(), { name: 'CI', scopes: ['skills:read'], ...input }, token, key);
  const workspacesPath = () => `/v1/organizations/${room.team.organizationId}/environments/dev/workspaces`;
  const makeWorkspace = (slug = 'orders', key = name) =>
    send(workspacesPath(), { slug, name: 'Orders' }, undefined, key);
  const countKeys = async () => {
    const { body } = await app.call(keysPath(), {
      headers: { authorization: `Bearer ${room.team.owner.token}` },
    });
    return body.data.keys.length;
  };

  it('is answered again as it was, and not done again', async () => {
    const first = await makeWorkspace();
    expect(first.status).toBe(200);
    const rows = await countRows(app.deps.store, 'audit_events');
    for (const again of [await makeWorkspace(), await makeWorkspace('orders', `"${name}"`)]) {
      expect(again.status).toBe(200);
      expect(again.body.data).toEqual(first.body.data);
      expect(again.body.requestId).not.toBe(first.body.requestId);
    }
    expect(await countRows(app.deps.store, 'audit_events')).toBe(rows);
  });

  it('that showed a secret is told what it made, and nothing of the secret is kept', async () => {
    const first = await mint();
    const { keyId: id, apiKey } = first.body.data;
    const before = await countKeys();
    expect(refusal(await mint())).toEqual({
      status: 409,
      code: 'IDEMPOTENT_REPLAY',
      details: { action: 'key.create', id },
    });
    expect(await countKeys()).toBe(before);
    const kept = await tableText(app.deps.store, 'idempotency_claims');
    expect(kept).not.toContain(apiKey);
    expect(kept).not.toContain(name);
  });

  it('is refused where it is another request: input, operation', async () => {
    await mint();
    const before = await countKeys();
    for (const other of [await mint({ name: 'Other' }), await makeWorkspace()]) {
      expect(refusal(other)).toEqual({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
    }
    expect(await countKeys()).toBe(before);
  });

  it('is known by its credential only', async () => {
    const { organizationId } = room.team;
    const admin = await joined(app, organizationId, `admin@${organizationId.toLowerCase()}.example`, 'admin');
    expect((await mint()).status).toBe(200);
    expect((await mint({}, name, admin.token)).status).toBe(200);
  });

  it('may be corrected after a refusal, which has done nothing', async () => {
    expect(refusal(await mint({ scopes: ['nothing:known'] })).code).toBe('INVALID_SCOPE');
    expect((await mint()).status).toBe(200);
  });

  it('is not done again after it failed behind its commit: it is told what was done', async () => {
    const { keyId: id } = (await mint({}, `${name}-mint`)).body.data;
    const revoke = () => send(`/v1/keys/${id}/revoke`, {});
    vi.spyOn(app.deps.revocations, 'settle').mockRejectedValueOnce(new Error('nobody could be asked'));
    expect(refusal(await revoke()).code).toBe('INTERNAL');
    expect(refusal(await revoke())).toEqual({
      status: 409,
      code: 'IDEMPOTENT_REPLAY',
      details: { action: 'key.revoke', id },
    });
  });

  it('may be repeated where what was done has been taken back', async () => {
    const invite = () =>
      send(`/v1/organizations/${room.team.organizationId}/members`, { email: `${name}@new.example` });
    vi.spyOn(app.deps.mailer, 'send').mockRejectedValueOnce(new Error('refused'));
    expect(refusal(await invite()).code).toBe('INTERNAL');
    expect((await invite()).status).toBe(200);
  });

  it('is forgotten after a day', async () => {
    const { organizationId, userId } = { ...room.team, ...room.team.owner };
    const key = await keyOf(app, 'organization', { organizationId, userId });
    const day = 86_400_000;
    expect((await mint({}, name, key)).status).toBe(200);
    app.clock.advance(day - 1);
    expect(refusal(await mint({}, name, key)).code).toBe('IDEMPOTENT_REPLAY');
    app.clock.advance(1);
    expect((await mint({}, name, key)).status).toBe(200);
    app.clock.advance(day);
    await sweepClaims(app.deps);
    expect(await countRows(app.deps.store, 'idempotency_claims')).toBe(0);
  });

  it.each([
    '',
    'two words',
    'x'.repeat(256),
    '"',
    '"unfinished',
  ])('needs a name that is one: %j', async (wrong) => {
    const answer = refusal(await mint({}, wrong));
    expect(answer).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  it('is done once for 64 callers: of a mint one gets the secret', async () => {
    const before = await countKeys();
    const answers = await together(() => mint());
    expect(outcomes(answers)).toEqual({ OK: 1, IDEMPOTENT_REPLAY: 63 });
    expect(await countKeys()).toBe(before + 1);
  });

  it.runIf(engine === 'postgres')('is done once for 64 callers of two servers on one database', async () => {
    const other = await startTestApp(store, { clock: app.clock });
    try {
      const before = await countKeys();
      const answers = await together((index) =>
        send(
          keysPath(),
          { name: 'CI', scopes: ['skills:read'] },
          undefined,
          name,
          index % 2 === 0 ? app : other,
        ),
      );
      expect(outcomes(answers)).toEqual({ OK: 1, IDEMPOTENT_REPLAY: 63 });
      expect(await countKeys()).toBe(before + 1);
    } finally {
      await other.close();
    }
  });

  it('is done once for 64 callers: of another change all learn what came of it', async () => {
    const answers = await together(() => makeWorkspace());
    const { OK = 0, IDEMPOTENT_REPLAY = 0 } = outcomes(answers);
    expect(OK).toBeGreaterThan(0);
    expect(OK + IDEMPOTENT_REPLAY).toBe(64);
    const ids = answers.flatMap(({ body }) => body.data?.workspaceId ?? body.error?.details.id ?? []);
    expect(new Set(ids).size).toBe(1);
  });
});
