/**
 * Builds what `latchkey` ships: `packages/cli/dist/latchkey.js`, one file with every command in it, and
 * `packages/cli/dist/server.js` beside it.
 *
 * The server is a file of its own because its libraries are imported statically: inlined, they would all be
 * loaded by `latchkey --version` too.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type RolldownPlugin, rolldown } from 'rolldown';

const cli = join(import.meta.dirname, '..', 'packages', 'cli');
const dist = join(cli, 'dist');

/** Installed beside the package: native code, files of their own, or too large to pay for twice. */
const installed = [
  '@clack/prompts',
  'better-sqlite3',
  'fastify',
  'ipaddr.js',
  'kysely',
  'nodemailer',
  'pg',
  'pino',
  'prom-client',
  'zod',
  /^@scalar\//,
  /^kysely\//,
];

/** The commands import the server package; in the shipped form that is the file beside them. */
const serverBeside: RolldownPlugin = {
  name: 'server-beside',
  resolveId: (id) => (id === '@latchkey/server' ? { id: './server.js', external: true } : undefined),
};

async function bundle(input: string, file: string, plugins: RolldownPlugin[]): Promise<void> {
  const build = await rolldown({ input, platform: 'node', external: installed, plugins });
  await build.write({ file, format: 'esm', minify: true, codeSplitting: false });
  await build.close();
  process.stdout.write(`${file.slice(cli.length + 1)} ${Math.ceil(statSync(file).size / 1024)} KiB\n`);
}

rmSync(dist, { recursive: true, force: true });
await bundle(join(cli, 'src', 'main.ts'), join(dist, 'latchkey.js'), [serverBeside]);
await bundle(join(cli, '..', 'server', 'src', 'index.ts'), join(dist, 'server.js'), []);
