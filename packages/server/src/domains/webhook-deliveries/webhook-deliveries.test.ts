import { generateKey } from '@latchkey/keys';
import { describeEachEngine } from '@latchkey/testkit';
import { sign as signAsGithub } from '@octokit/webhooks-methods';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { secondMs, toIso } from '../../platform/clock.ts';
import { refusal } from '../calls-for-tests.ts';
import { type DoorStage, type Made, startDoor } from '../gateway/door-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { countRows, tableText } from '../rows-for-tests.sql.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';

const secret = 'it is only a test';
const marker = 'nothing of this is kept';

describeEachEngine('deliveries that came with a signature', (open) => {
  let door: DoorStage;
  let made: Made;
  let signingSecretId: string;
  let messages = 0;
  beforeAll(async () => {
    door = await startDoor(await open());
  });
  beforeEach(async () => {
    door.app.clock.advance(secondMs);
    made = await door.create(door.acme);
    const input = { ...endpoint(), scheme: 'github', secret, label: 'GitHub, main' };
    ({ signingSecretId } = await must(door.app, 'signingSecrets.add', input, door.acme.owner.token));
  });
  afterAll(() => door.close());

  const endpoint = () => ({ processInstanceId: made.processInstanceId, workflowId: 'main' });

  async function deliver({ id = '', body = `{"note":"${marker}"}`, by = secret, to = 'main' } = {}) {
    messages += 1;
    door.app.clock.advance(1);
    const headers = {
      'content-type': 'application/json',
      'x-hub-signature-256': await signAsGithub(by, body),
      'x-github-delivery': id || `m-${messages}`,
    };
    return door.send(`/webhook/${made.processInstanceId}/${to}`, { body, headers });
  }

  async function listed() {
    await door.app.deps.deliveries.flush();
    const { owner } = door.acme;
    return (await must(door.app, 'signingSecrets.deliveries', endpoint(), owner.token)).deliveries;
  }

  it('are listed newest first, each with what became of it, and why', async () => {
    const first = await deliver({ id: 'one' });
    await deliver({ id: 'one' });
    await deliver({ id: 'two', by: 'another secret altogether' });
    const [refused, repeated, accepted, ...others] = await listed();
    expect(others).toEqual([]);
    expect(accepted).toEqual({
      at: toIso(door.app.clock.now() - 2),
      scheme: 'github',
      outcome: 'accepted',
      code: 'OK',
      cause: null,
      explanation: null,
      nextAction: null,
      signingSecretId,
      label: 'GitHub, main',
      messageId: 'one',
      sizeBytes: `{"note":"${marker}"}`.length,
      executionId: first.body.executionId,
    });
    expect(repeated).toMatchObject({ outcome: 'repeated', executionId: first.body.executionId });
    expect(refused).toMatchObject({
      outcome: 'refused',
      code: 'INVALID_SIGNATURE',
      cause: 'mismatch',
      explanation: expect.stringContaining('no live secret makes this signature'),
      nextAction: expect.stringContaining('Add the signing secret'),
      signingSecretId: null,
      label: null,
      messageId: 'two',
      executionId: null,
    });
  });

  it('are refused with a right signature too: the secret is named, and what stood in the way', async () => {
    const { processInstanceId } = made;
    await deliver({ body: 'no json' });
    await must(door.app, 'instances.deactivate', { processInstanceId }, door.acme.owner.token);
    await deliver();
    const [paused, unreadable] = await listed();
    expect(paused).toMatchObject({
      outcome: 'refused',
      code: 'INSTANCE_INACTIVE',
      cause: null,
      signingSecretId,
    });
    expect(unreadable).toMatchObject({ outcome: 'refused', code: 'INVALID_JSON', signingSecretId });
  });

  it('are the last 25 of each kind: a flood of refused ones hides none that was accepted', async () => {
    for (let count = 1; count <= 27; count += 1) await deliver({ id: `good-${count}` });
    await listed();
    for (let round = 0; round < 3; round += 1) {
      for (let count = 1; count <= 40; count += 1)
        await deliver({ id: `bad-${round}-${count}`, by: 'wrong' });
      await listed();
    }
    const all = await listed();
    const idsOf = (outcome: string) =>
      all.filter((each) => each.outcome === outcome).map(({ messageId }) => messageId);
    const newest = (name: string, last: number) =>
      Array.from({ length: 25 }, (_, index) => `${name}-${last - index}`);
    expect(idsOf('accepted')).toEqual(newest('good', 27));
    expect(idsOf('refused')).toEqual(newest('bad-2', 40));
    expect(all).toHaveLength(50);
  });

  it('leave nothing of their body, of the secret, or of a key that stands where an id should', async () => {
    await deliver();
    await deliver({ id: generateKey('organization') });
    await deliver({ id: `${'long'.repeat(100)}`, by: 'wrong' });
    await deliver({ id: 'turned\u0085round', by: 'wrong' });
    const all = await listed();
    expect(all.map(({ messageId }) => messageId)).toEqual([
      'turned\\u0085round',
      'long'.repeat(50),
      null,
      expect.stringMatching(/^m-/),
    ]);
    const text = await tableText(door.app.deps.store, 'webhook_deliveries');
    for (const hidden of [marker, secret, 'sha256=', 'cko_']) expect(text).not.toContain(hidden);
  });

  it('are those of one workflow that there is; a call by key is none', async () => {
    const rows = await countRows(door.app.deps.store, 'webhook_deliveries');
    await deliver({ to: 'missing' });
    const headers = { 'x-api-key': made.apiKey, 'content-type': 'application/json' };
    await door.send(`/webhook/${made.processInstanceId}/main`, { body: '{}', headers });
    expect(await listed()).toEqual([]);
    await deliver({ to: 'other' });
    expect(await listed()).toEqual([]);
    expect(await countRows(door.app.deps.store, 'webhook_deliveries')).toBe(rows + 1);
    const input = { ...endpoint(), workflowId: 'missing' };
    const answer = await ask(door.app, 'signingSecrets.deliveries', input, door.acme.owner.token);
    expect(refusal(answer)).toEqual({ status: 404, code: 'WORKFLOW_NOT_FOUND' });
    const stranger = await ask(door.app, 'signingSecrets.deliveries', endpoint(), door.rival.owner.token);
    expect(refusal(stranger)).toEqual({ status: 404, code: 'INSTANCE_NOT_FOUND' });
  });

  it('are kept for later where the database takes none, up to as many as are kept at all', async () => {
    const { store, random } = door.app.deps;
    let isBroken = true;
    const write: typeof store.write = (work) =>
      isBroken ? Promise.reject(new Error('no room')) : store.write(work);
    const deliveries = createDeliveries({ store: { ...store, write }, random }, () => {});
    const delivery = (at: number): Delivery => ({
      instance_id: made.processInstanceId,
      workflow_id: 'main',
      at,
      scheme: 'github',
      outcome: 'accepted',
      code: 'OK',
      size_bytes: 2,
    });
    for (let at = 1; at <= 20; at += 1) deliveries.note(delivery(at));
    await expect(deliveries.flush()).rejects.toThrow('no room');
    for (let at = 21; at <= 30; at += 1) deliveries.note(delivery(at));
    isBroken = false;
    await deliveries.close();
    const times = (await listed()).map(({ at }) => Date.parse(at));
    expect(times).toEqual(Array.from({ length: 25 }, (_, index) => 30 - index));
  });
});
