import { openSync } from 'node:fs';
import { join } from 'node:path';
import { adminCreateKey } from '@latchkey/server';
import { type ServerChild, startServer } from './child.ts';
import { post } from './post.ts';
import { latchkeyProgram, projectPath } from './project-path.ts';
import { emptyHome } from './scratch.ts';

const serverCore = 0;

/** A started Latchkey with one instance whose workflow has a target that answers at once. */
export interface Door extends ServerChild {
  readonly databaseFile: string;
  readonly instanceId: string;
  readonly instanceKey: string;
  readonly organizationKey: string;
  /** Resolves when nothing is pending any more. */
  settled(): Promise<void>;
}

async function pending(port: number, instanceId: string, key: string): Promise<number> {
  const url = `http://127.0.0.1:${port}/v1/instances/${instanceId}/executions?status=pending&limit=1`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const { data } = (await response.json()) as { data: { count: number } };
  return data.count;
}

/** Starts `latchkey serve` as it comes, its log in a file as under a service manager, and the target on another core. */
export async function startDoor(folder: string): Promise<Door> {
  const dataDir = join(folder, 'latchkey-data');
  const env = emptyHome(folder);
  const target = await startServer({ args: [projectPath('bench/target-child.ts')], env });
  const server = await startServer({
    args: [latchkeyProgram, 'serve', '--port', '0', '--data', dataDir],
    env,
    core: serverCore,
    stderr: openSync(join(folder, 'latchkey.log'), 'w'),
  });
  const { port } = server;
  const scopes = ['organizations:create', 'api-keys:manage', 'instances:manage', 'executions:read'];
  const { apiKey: admin } = await adminCreateKey({ family: 'admin', name: 'bench', scopes, dataDir });
  const { organizationId = '' } = await post(port, '/v1/organizations', admin, { name: 'Bench' });
  const { apiKey: organizationKey = '' } = await post(
    port,
    `/v1/organizations/${organizationId}/keys`,
    admin,
    {
      name: 'bench',
      scopes: ['workflows:trigger'],
    },
  );
  const { processInstanceId: instanceId = '', apiKey: instanceKey = '' } = await post(
    port,
    '/v1/instances',
    admin,
    {
      organizationId,
      title: 'Bench',
      workflows: [{ workflowId: 'main', targetUrl: `http://127.0.0.1:${target.port}/run` }],
    },
  );
  return {
    ...server,
    databaseFile: join(dataDir, 'latchkey.db'),
    instanceId,
    instanceKey,
    organizationKey,
    async settled() {
      while ((await pending(port, instanceId, admin)) > 0) await new Promise((done) => setTimeout(done, 20));
    },
    async stop() {
      await server.stop();
      await target.stop();
    },
  };
}

/** Starts bare Fastify on a database of its own with Latchkey's table of executions. */
export function startBareTrigger(folder: string, latchkeyDatabase: string): Promise<ServerChild> {
  return startServer({
    args: [projectPath('bench/bare-trigger-child.ts'), latchkeyDatabase, join(folder, 'bare.db')],
    env: emptyHome(folder),
    core: serverCore,
  });
}
