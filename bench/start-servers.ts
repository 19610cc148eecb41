import { openSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerOptions, startServer } from './child.ts';
import { requestsPerSecond } from './load.ts';
import { projectPath } from './project-path.ts';
import { getRequest } from './requests.ts';
import type { Variant } from './rounds.ts';
import { emptyHome } from './scratch.ts';
import type { InstalledForms } from './start-forms.ts';

/** How far a server has come. */
export const stages = ['listening', 'first answer'] as const;

function timed(name: string, options: ServerOptions): Variant {
  return {
    async measure() {
      const startedAtMs = performance.now();
      const server = await startServer(options);
      const listeningMs = performance.now() - startedAtMs;
      await requestsPerSecond({ port: server.port, connections: 1, requests: [getRequest('/healthz')] });
      const answeredMs = performance.now() - startedAtMs;
      await server.stop();
      return { [`${name}, ${stages[0]}`]: listeningMs, [`${name}, ${stages[1]}`]: answeredMs };
    },
  };
}

/** Measures how long `latchkey serve`, installed and from source, and bare Fastify take to serve. */
export function serverVariants(folder: string, forms: InstalledForms): Variant[] {
  const env = emptyHome(folder);
  const stderr = openSync(join(folder, 'latchkey.log'), 'w');
  const serve = (form: 'installed' | 'source') =>
    timed(`${form} serve`, {
      args: [...forms[form].args, 'serve', '--port', '0', '--data', join(folder, `${form}-data`)],
      env,
      stderr,
    });
  const bare = timed('bare Fastify', {
    args: [projectPath('bench/bare-start-child.ts')],
    env: { ...env, NODE_COMPILE_CACHE: join(folder, 'bare-cache') },
    stderr,
  });
  return [serve('installed'), serve('source'), bare];
}
