import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment, projectPath, temporaryFolder } from '@latchkey/testkit';
import { buildSdk, sdkEntries } from '../../tools/build-sdk.ts';
import type { Given, Guarded } from './frameworks.ts';

const environment = { ...cleanEnvironment(), NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } as const;

/** Puts the SDK as it ships where the app finds it. */
async function installSdk(modules: string): Promise<void> {
  await buildSdk();
  const place = join(modules, '@latchkey/sdk');
  mkdirSync(place, { recursive: true });
  cpSync(projectPath('packages/sdk/dist'), join(place, 'dist'), { recursive: true });
  const exports = sdkEntries().map(({ subpath, name }) => [
    subpath,
    { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  ]);
  const manifest = { name: '@latchkey/sdk', type: 'module', exports: Object.fromEntries(exports) };
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
}

function next(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const program = join(folder, 'node_modules/next/dist/bin/next');
  return spawn(process.execPath, [program, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function written({ stdout, stderr }: ChildProcess): () => string {
  const all: string[] = [];
  for (const stream of [stdout, stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => all.push(text));
  return () => all.join('');
}

/** Builds the app with the Next that the example has installed; answers its folder. Throws with what Next wrote. */
export async function buildNextApp(): Promise<string> {
  const folder = temporaryFolder('next');
  cpSync(join(import.meta.dirname, 'next-app'), folder, { recursive: true });
  const modules = projectPath('examples/nextjs-proxy/node_modules');
  // Links: Next follows none that lead out of its folder, and a copy would take half a gigabyte.
  const linked = spawnSync('cp', ['-al', modules, join(folder, 'node_modules')]);
  if (linked.status !== 0) throw new Error(`cannot link ${modules}: ${linked.stderr}`);
  await installSdk(join(folder, 'node_modules'));
  const build = next(folder, ['build'], environment);
  const output = written(build);
  const [code] = await once(build, 'close');
  if (code !== 0) throw new Error(`next build ended with ${code}:\n${output()}`);
  return folder;
}

/** Starts the built app. */
export async function startNextApp(folder: string, { baseUrl, apiKey }: Given): Promise<Guarded> {
  const env = { ...environment, LATCHKEY_BASE_URL: baseUrl, LATCHKEY_API_KEY: apiKey };
  const app = next(folder, ['start', '--port', '0', '--hostname', '127.0.0.1'], env);
  const output = written(app);
  const address = await new Promise<string>((resolve, reject) => {
    app.stdout?.on('data', () => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0];
      if (found !== undefined) resolve(found);
    });
    app.once('close', (code) => reject(new Error(`next start ended with ${code}:\n${output()}`)));
  });
  return {
    baseUrl: address,
    told: () => output(),
    async close() {
      app.kill('SIGKILL');
      await once(app, 'close');
    },
  };
}
