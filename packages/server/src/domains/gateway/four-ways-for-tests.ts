import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { must } from '../people-for-tests.ts';
import { type DoorStage, startDoor } from './door-for-tests.ts';

/** Tests only: how a request proves itself. */
export interface Proof {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly query?: string;
}

/** An HTTP status, and `OK` or the code of the refusal. */
export type Outcome = readonly [number, string];

export const ok: Outcome = [200, 'OK'];

/** What is sent to every workflow. */
export const body = '{"payload":{"order":42}}';

/** An id that nothing has. */
export const nowhere = '019d312f-0000-7000-8000-00000000000a';

export const apiKey = (key: string): Proof => ({ headers: { 'x-api-key': key } });
export const manager = (key: string): Proof => ({ headers: { 'x-process-manager-key': key } });
export const bearer = (key: string): Proof => ({ headers: { authorization: `Bearer ${key}` } });
export const query = (key: string): Proof => ({ query: `api_key=${encodeURIComponent(key)}` });

/** All of them in one request. */
export function together(...proofs: readonly Proof[]): Proof {
  return {
    headers: Object.assign({}, ...proofs.map(({ headers }) => headers)),
    query: proofs.flatMap((proof) => proof.query ?? []).join('&'),
  };
}

/** The same key but for its last character, which belongs to the checksum. */
export function withTypo(key: string): string {
  return key.slice(0, -1) + (key.endsWith('a') ? 'b' : 'a');
}

/** Instances and keys by name, in every state that they can be in, each instance with an execution. */
export interface Cast {
  readonly door: DoorStage;
  /** Of the instance with this name, or `nowhere`. */
  instanceId(name: string): string;
  executionId(name: string): string;
  /** The key that an instance was made with, or one that has a name of its own. */
  key(name: string): string;
  /** A message that was never sent before, signed with the secret of the workflow `main` of an instance. */
  signed(name: string, text?: string): Proof;
}

function secretOf(name: string): string {
  return `whsec_${Buffer.alloc(32, name).toString('base64')}`;
}

async function prepared(door: DoorStage, name: string, team = door.acme, settings = {}) {
  const { processInstanceId, apiKey: key } = await door.create(team, settings);
  const secret = { processInstanceId, workflowId: 'main', secret: secretOf(name) };
  if (name !== 'secretless') await must(door.app, 'signingSecrets.add', secret, team.owner.token);
  const path = `/webhook/${processInstanceId}/main`;
  const started = await door.send(path, { headers: { 'x-api-key': key }, body });
  expect(started.status).toBe(200);
  return { processInstanceId, key, executionId: String(started.body.executionId) };
}

type Prepared = Awaited<ReturnType<typeof prepared>>;

async function mintedKeys({ app, acme, rival, mint }: DoorStage): Promise<Record<string, string>> {
  const gone = await mint(acme);
  await must(app, 'keys.revoke', { keyId: gone.keyId }, acme.owner.token);
  return {
    organization: (await mint(acme)).apiKey,
    rival: (await mint(rival)).apiKey,
    scopeless: (await mint(acme, ['instances:read', 'instances:manage'])).apiKey,
    revoked: gone.apiKey,
  };
}

/** Brings instances into the states that they are named after; answers the key that took the place of another. */
async function changeStates({ app, acme }: DoorStage, idOf: Cast['instanceId']): Promise<string> {
  const { token } = acme.owner;
  const of = (name: string) => ({ processInstanceId: idOf(name) });
  await must(app, 'instances.deactivate', of('paused'), token);
  await must(app, 'instances.archive', of('archived'), token);
  const place = { ...of('retired'), workflowId: 'main' };
  const { signingSecrets } = await must(app, 'signingSecrets.list', place, token);
  const signingSecretId = signingSecrets[0]?.signingSecretId;
  await must(app, 'signingSecrets.retire', { ...place, signingSecretId }, token);
  return (await must(app, 'instances.regenerateKey', of('regenerated'), token)).apiKey;
}

const ownInstances = ['own', 'sibling', 'regenerated', 'paused', 'archived', 'retired', 'secretless'];

/** Starts a server with all of them. */
export async function startCast(...given: Parameters<typeof startDoor>): Promise<Cast> {
  const door = await startDoor(...given);
  const instances = new Map<string, Prepared>();
  for (const name of ownInstances) instances.set(name, await prepared(door, name));
  instances.set('queryless', await prepared(door, 'queryless', door.acme, { queryKeys: false }));
  instances.set('foreign', await prepared(door, 'foreign', door.rival));
  const instanceId = (name: string) => instances.get(name)?.processInstanceId ?? nowhere;
  const keys = new Map(Object.entries(await mintedKeys(door)));
  keys.set('fresh', await changeStates(door, instanceId));
  let messages = 0;
  return {
    door,
    instanceId,
    executionId: (name) => instances.get(name)?.executionId ?? nowhere,
    key: (name) => keys.get(name) ?? instances.get(name)?.key ?? 'no such key',
    signed(name, text = body) {
      messages += 1;
      const [id, at] = [`msg_${messages}`, new Date(door.app.clock.now())];
      const signature = new Webhook(secretOf(name)).sign(id, at, text);
      const timestamp = String(Math.floor(at.getTime() / 1000));
      return {
        headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
      };
    },
  };
}
