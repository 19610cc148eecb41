import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cleanEnvironment,
  endWithTests,
  findCaddy,
  findNginx,
  projectPath,
  temporaryFolder,
} from '@latchkey/testkit';

/** What visitors call the application. */
export const host = 'reports.example';

/** What stands in the place of the names in the examples' files. */
export interface Places {
  readonly LATCHKEY_ADDRESS: string;
  readonly APPLICATION_ADDRESS: string;
  readonly LATCHKEY_ORGANIZATION: string;
  readonly LATCHKEY_VERIFIER_KEY: string;
  readonly AUDIENCE: string;
}

/** A started proxy of an example's file. */
export interface RunningProxy {
  readonly port: number;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** How to start a program that is a proxy; `edit` changes the example's file, for what happens if a line is missing. */
interface ProxyProgram {
  command(
    port: number,
    places: Places,
    edit: Edit,
  ): { program: string; args: string[]; env: NodeJS.ProcessEnv };
  /** What it writes once it accepts connections. */
  readonly started: string;
}

/** Changes the text of an example's file. */
export type Edit = (text: string) => string;

export type ProxyName = 'nginx' | 'caddy';

function required(program: string | undefined, name: string): string {
  if (program === undefined) throw new Error(`${name} is not installed; tools/prepare-peers.ts says how`);
  return program;
}

function example(name: string, edit: Edit): string {
  return edit(readFileSync(projectPath(`examples/forward-auth/${name}`), 'utf8'));
}

function nginxMain(folder: string, site: string): string {
  const buffers = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off; master_process off; pid ${folder}/pid; error_log stderr notice;
events { worker_connections 1024; }
http {
${buffers.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
  access_log off;
  include ${site};
}
`;
}

const nginx: ProxyProgram = {
  started: 'getrlimit',
  command(port, places, edit) {
    const folder = temporaryFolder('nginx');
    const filled: Readonly<Record<string, string>> = { ...places, LISTEN: `127.0.0.1:${port}` };
    const site = example('nginx.conf', edit).replace(
      /\$\{([A-Z_]+)\}/g,
      (brace, name) => filled[name] ?? brace,
    );
    writeFileSync(join(folder, 'site.conf'), site, { mode: 0o600 });
    writeFileSync(join(folder, 'nginx.conf'), nginxMain(folder, join(folder, 'site.conf')));
    const args = ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')];
    return { program: required(findNginx(), 'nginx'), args, env: cleanEnvironment() };
  },
};

const caddy: ProxyProgram = {
  started: 'serving initial configuration',
  command(port, places, edit) {
    const folder = temporaryFolder('caddy');
    writeFileSync(join(folder, 'site'), example('Caddyfile', edit));
    writeFileSync(
      join(folder, 'Caddyfile'),
      `{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\nimport ${join(folder, 'site')}\n`,
    );
    const args = ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
    const homes = { HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
    const env = { ...cleanEnvironment(), ...homes, ...places, LISTEN: `http://${host}:${port}` };
    return { program: required(findCaddy(), 'Caddy'), args, env };
  },
};

const programs: Readonly<Record<ProxyName, ProxyProgram>> = { nginx, caddy };

/** Resolves once it has written that it accepts connections; rejects with what it wrote when it ends before. */
async function started(child: ChildProcess, text: string): Promise<void> {
  const written: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      written.push(piece);
      if (written.join('').includes(text)) resolve();
    });
    child.once('close', () => reject(new Error(`the proxy ended:\n${written.join('')}`)));
  });
}

/** Below those that the kernel hands out, so that no other test gets one by chance. */
const [lowestPort, highestPort] = [20_000, 32_000];

/** Starts a proxy with the file of the example, on a port that is free. */
export async function startProxy(
  name: ProxyName,
  places: Places,
  edit: Edit = (text) => text,
): Promise<RunningProxy> {
  const port = randomInt(lowestPort, highestPort);
  const { program, args, env } = programs[name].command(port, places, edit);
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  endWithTests(child);
  try {
    await started(child, programs[name].started);
  } catch (error) {
    if (!/address already in use/i.test(String(error))) throw error;
    return await startProxy(name, places, edit);
  }
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
