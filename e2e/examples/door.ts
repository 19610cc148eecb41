import type { Output } from '@latchkey/protocol';
import type { ServerProcess } from '@latchkey/testkit';
import { call, dataOf } from '../http-client.ts';
import { type Account, emptySqlite, startWorld, type World } from '../world.ts';
import type { ExampleProcess } from './example-process.ts';
import { siteEnvironment } from './site-environment.ts';
import { startTarget } from './target-process.ts';

/** A Latchkey with an instance whose workflows run in the Fastify target. */
export interface Door {
  readonly server: ServerProcess;
  readonly target: ExampleProcess;
  /** The instance key when the door was opened. */
  readonly apiKey: string;
  /** What a site is told that offers both workflows. */
  readonly siteEnvironment: Readonly<Record<string, string>>;
  /** Replaces the instance key. */
  regenerateKey(): Promise<void>;
  close(): Promise<void>;
}

function workflows(target: string) {
  const [sync, callback] = [`${target}/sync`, `${target}/callback`];
  return [
    { workflowId: 'count-now', targetUrl: sync, mode: 'sync' },
    { workflowId: 'count-later', targetUrl: callback, mode: 'callback', idempotent: true },
  ];
}

type Instance = Output<'instances.create'>;

/** Makes the instance of an organization whose owner has the key. */
async function makeInstance(world: World, { personalKey: key, organizations }: Account, target: string) {
  const organizationId = organizations[0]?.id;
  const wanted = { organizationId, title: 'Words', workflows: workflows(target) };
  return dataOf(await call('instances.create', `${world.server.baseUrl}/v1/instances`, wanted, { key }));
}

/** Starts a server and a target, and makes the instance between them. */
export async function openDoor(): Promise<Door> {
  const world = await startWorld(emptySqlite());
  const latchkeyUrl = world.server.baseUrl;
  const owner = await world.account({ scopes: ['instances:read', 'instances:manage'] });
  let made: Instance | undefined;
  const target = await startTarget(async (origin) => {
    made = await makeInstance(world, owner, origin);
    return { latchkeyUrl, webhookSecret: made.webhookSecret };
  });
  if (made === undefined) throw new Error('no instance');
  const { apiKey, processInstanceId: instanceId } = made;
  return {
    server: world.server,
    target,
    apiKey,
    siteEnvironment: siteEnvironment({
      apiKey,
      instanceId,
      workflowIds: 'count-now,count-later',
      latchkeyUrl,
    }),
    async regenerateKey() {
      const at = `${latchkeyUrl}/v1/instances/${instanceId}/key/regenerate`;
      dataOf(await call('instances.regenerateKey', at, undefined, { key: owner.personalKey }));
    },
    async close() {
      await target.stop();
      await world.close();
    },
  };
}
