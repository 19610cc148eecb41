import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { joined, must } from '../people-for-tests.ts';
import { setRole } from '../rows-for-tests.sql.ts';
import { type KeyRoom, openRoom } from './environment-keys-for-tests.ts';

describeEachEngine('disabling and enabling an environment key', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  it('refuses it at once, shows it in lists, and lets it come back', async () => {
    const { apiKey, fingerprint, handle, keyId } = await room.mint();
    const disabled = await room.ask('environmentKeys.disable', { key: fingerprint });
    expect(disabled.body.data).toMatchObject({ keyId, name: 'CI', fingerprint, state: 'disabled' });
    expect(await room.outcome(apiKey)).toBe('KEY_DISABLED');
    expect(await room.list()).toMatchObject([{ fingerprint, state: 'disabled' }]);
    const enabled = await room.ask('environmentKeys.enable', { key: handle });
    expect(enabled.body.data).toMatchObject({ keyId, state: 'active' });
    expect(await room.outcome(apiKey)).toBe('OK');
  });

  it('is for whoever may revoke the key; enabling takes its level besides', async () => {
    const { organizationId } = room.team;
    const mail = (name: string) => `${name}@${organizationId.toLowerCase()}.example`;
    const maker = await joined(app, organizationId, mail('maker'), 'developer');
    const other = await joined(app, organizationId, mail('other'), 'developer');
    const { fingerprint: key, apiKey } = await room.mint({}, maker);
    expect(refusal(await room.ask('environmentKeys.disable', { key }, other.token)).code).toBe(
      'NOT_KEY_MANAGER',
    );
    expect((await room.ask('environmentKeys.disable', { key }, maker.token)).status).toBe(200);
    await setRole(app.deps.store, organizationId, maker.email, 'runner');
    expect(refusal(await room.ask('environmentKeys.enable', { key }, maker.token)).code).toBe(
      'LEVEL_ESCALATION',
    );
    expect(await room.outcome(apiKey)).toBe('KEY_DISABLED');
  });

  it('does not make a rotated key last longer, and rotates none that is disabled', async () => {
    const { fingerprint: key, apiKey } = await room.mint();
    await room.ask('environmentKeys.disable', { key });
    expect(refusal(await room.ask('environmentKeys.rotate', { key })).code).toBe('KEY_NOT_ACTIVE');
    await room.ask('environmentKeys.enable', { key });
    const { replaced } = await room.rotate(key);
    await room.ask('environmentKeys.disable', { key });
    const enabled = await room.ask('environmentKeys.enable', { key });
    expect(enabled.body.data.state).toBe('rotating');
    expect(await room.list()).toMatchObject([{}, { endsAt: replaced.endsAt }]);
    app.clock.advance(86_400_000);
    expect(await room.outcome(apiKey)).toBe('KEY_REVOKED');
  });

  it('is refused for a revoked key, and to a key', async () => {
    const { fingerprint: key } = await room.mint();
    const { apiKey } = await room.mint({ level: 'admin', name: 'Manager' });
    expect(refusal(await room.ask('environmentKeys.disable', { key }, apiKey)).code).toBe(
      'KEY_CANNOT_REVOKE',
    );
    await room.revoke(key);
    for (const id of ['environmentKeys.disable', 'environmentKeys.enable'] as const) {
      expect(refusal(await room.ask(id, { key })).code).toBe('KEY_NOT_ACTIVE');
    }
  });

  it('gives the replacement of a rotated key what that was bound to', async () => {
    const bound = {
      allowedAddresses: ['127.0.0.0/8'],
      resources: ['orders/*'],
      limits: [{ requests: 10, windowSeconds: 60, counting: 'exact' }],
      budget: { total: 100, counting: 'fast' },
    };
    const input = { ...room.place, name: 'Bound', workspace: room.workspace, ...bound };
    const { fingerprint } = await must(app, 'environmentKeys.create', input, room.team.owner.token);
    const { apiKey } = await room.rotate(fingerprint);
    expect(await room.list()).toMatchObject([bound, bound]);
    expect(await room.outcome(apiKey)).toBe('OK');
    const elsewhere = { headers: { 'x-api-key': apiKey }, from: '198.51.100.1' };
    const answer = await app.call('/v1/environments/dev/whoami', elsewhere);
    expect(refusal(answer)).toEqual({ status: 403, code: 'KEY_NOT_ALLOWED_HERE' });
  });
});
