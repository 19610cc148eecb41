import type { Output } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { sign } from '@octokit/webhooks-methods';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { must } from '../people-for-tests.ts';
import { type DoorStage, type Made, startDoor } from './door-for-tests.ts';

const demanding = {
  workflowId: 'main',
  targetUrl: 'https://target.example/run',
  inputSchema: { type: 'object', required: ['order'] },
};
const rateLimit = { requests: 2, windowSeconds: 60 };

describeEachEngine('the activity of keys at the door', (open) => {
  let door: DoorStage;
  beforeAll(async () => {
    door = await startDoor(await open());
  });
  afterAll(() => door.close());

  async function activity(keyId: string): Promise<Output<'keys.activity'>> {
    const { organizationId, owner } = door.acme;
    await door.app.deps.keyActivity.flush();
    return must(door.app, 'keys.activity', { organizationId, keyId }, owner.token);
  }

  async function instanceKeyOf({ processInstanceId }: Made): Promise<string> {
    const { organizationId, owner } = door.acme;
    const input = { organizationId, family: 'instance' };
    const { keys } = await must(door.app, 'keys.inventory', input, owner.token);
    return keys.find(({ instance }) => instance?.id === processInstanceId)?.keyId ?? '';
  }

  async function trigger(instanceId: string, headers: Record<string, string>, body: string): Promise<number> {
    const all = { 'content-type': 'application/json', ...headers };
    return (await door.send(`/webhook/${instanceId}/main`, { headers: all, body })).status;
  }

  it.each([
    'instance',
    'organization',
  ] as const)('counts what was begun by a key of the %s, and what a limit has refused', async (family) => {
    const made = await door.create(door.acme, { rateLimit });
    const minted = await door.mint(door.acme);
    const [keyId, headers] =
      family === 'instance'
        ? [await instanceKeyOf(made), { 'x-api-key': made.apiKey }]
        : [minted.keyId, { 'x-process-manager-key': minted.apiKey }];
    const { processInstanceId: id } = made;
    const statuses = [
      await trigger(id, headers, '{}'),
      // Says nothing of the key, but that somebody has it.
      await trigger(id, headers, '{'),
      await trigger(id, headers, '{}'),
      await trigger(id, headers, '{}'),
    ];
    expect(statuses).toEqual([200, 400, 200, 429]);
    const { hours, refusals } = await activity(keyId);
    expect(hours.map(({ outcomes }) => outcomes)).toEqual([
      { VALID: 2, REQUEST_REFUSED: 1, RATE_LIMITED: 1 },
    ]);
    expect(refusals).toMatchObject([
      { code: 'RATE_LIMITED', missing: '2 in 60 seconds', address: '127.0.0.1' },
    ]);
  });

  it.each([
    'instance',
    'organization',
  ] as const)('says of a key of the %s, of which every request was refused for something else, that it was not used', async (family) => {
    const made = await door.create(door.acme, { workflows: [demanding] });
    const minted = await door.mint(door.acme);
    const [keyId, headers] =
      family === 'instance'
        ? [await instanceKeyOf(made), { 'x-api-key': made.apiKey }]
        : [minted.keyId, { 'x-process-manager-key': minted.apiKey }];
    const { processInstanceId: id } = made;
    expect(await trigger(id, headers, '{}')).toBe(400);
    expect((await door.send(`/status/${id}/none`, { headers })).status).toBe(404);
    const refused = await activity(keyId);
    expect(refused.hours.map(({ outcomes }) => outcomes)).toEqual([{ REQUEST_REFUSED: 2 }]);
    expect(refused.refusals).toEqual([]);
    expect(refused.key.lastUsed).toBeNull();
    expect(await trigger(id, headers, '{"order":1}')).toBe(200);
    const accepted = await activity(keyId);
    expect(accepted.hours.map(({ outcomes }) => outcomes)).toEqual([{ VALID: 1, REQUEST_REFUSED: 2 }]);
    expect(accepted.key.lastUsed).toMatchObject({ address: '127.0.0.1' });
  });

  it('counts a key that stands beside a signature, which must be right too', async () => {
    const made = await door.create(door.acme);
    const keyId = await instanceKeyOf(made);
    const { processInstanceId } = made;
    const [secret, body] = ['made for a test alone', '{}'];
    const place = { processInstanceId, workflowId: 'main' };
    const added = { ...place, scheme: 'github', secret };
    await must(door.app, 'signingSecrets.add', added, door.acme.owner.token);
    const signed = { 'x-hub-signature-256': await sign(secret, body), 'x-github-delivery': 'one' };
    expect(await trigger(processInstanceId, { ...signed, 'x-api-key': made.apiKey }, body)).toBe(200);
    const { hours, key } = await activity(keyId);
    expect(hours.map(({ outcomes }) => outcomes)).toEqual([{ VALID: 1 }]);
    expect(key.lastUsed).toMatchObject({ address: '127.0.0.1' });
  });
});
