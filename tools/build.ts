/**
 * Builds what `latchkey` ships: `packages/cli/dist/latchkey.js`, one file with every command in it, and
 * `packages/cli/dist/server.js` beside it, with a thread that the server starts and the dashboard.
 *
 * The server is a file of its own because its libraries are imported statically: inlined, they would all be
 * loaded by `latchkey --version` too.
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type RolldownPlugin, rolldown } from 'rolldown';
import { build as buildPages } from 'vite';

const packages = join(import.meta.dirname, '..', 'packages');

/** What npm installs beside the package is not inlined: native code, files of their own, or large. */
const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(packages, 'cli', 'package.json'), 'utf8'),
);

function isInstalled(id: string): boolean {
  return Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`));
}

/** The commands import the server package; in the shipped form that is the file beside them. */
const serverBeside: RolldownPlugin = {
  name: 'server-beside',
  resolveId: (id) => (id === '@latchkey/server' ? { id: './server.js', external: true } : undefined),
};

function pickedNames(clause: string): string {
  const named = /^\{(.*)\}$/s.exec(clause)?.[1];
  return named === undefined ? clause.replace(/^\*\s*as\s+/, '') : `{${named.replace(/\s+as\s+/g, ':')}}`;
}

/**
 * Takes Node's own modules without importing them: an import reads every export, also the lazy ones that load
 * further modules, and that is several milliseconds of every start.
 */
const builtinsUnread: RolldownPlugin = {
  name: 'builtins-unread',
  renderChunk: (code) =>
    code.replace(
      /^import\s*([^;'"]+?)\s*from\s*["'](node:[^"']+)["'];?$/gm,
      (_statement, clause: string, id: string) =>
        `const ${pickedNames(clause)} = process.getBuiltinModule('${id}');`,
    ),
};

async function bundle(input: string, file: string, plugins: RolldownPlugin[]): Promise<void> {
  const build = await rolldown({ input, platform: 'node', external: isInstalled, plugins });
  await build.write({ file, format: 'esm', minify: true, codeSplitting: false });
  await build.close();
}

/** Builds all of it into a folder, which is emptied first; answers their paths. */
export async function build(folder: string): Promise<string[]> {
  const names = ['latchkey.js', 'server.js', 'checkpoint-thread.js'] as const;
  const [command, server, thread] = names.map((name) => join(folder, name)) as [string, string, string];
  rmSync(folder, { recursive: true, force: true });
  await bundle(join(packages, 'cli', 'src', 'main.ts'), command, [serverBeside, builtinsUnread]);
  await bundle(join(packages, 'server', 'src', 'index.ts'), server, []);
  await bundle(join(packages, 'server', 'src', 'storage', 'checkpoint-thread.ts'), thread, []);
  const outDir = join(folder, 'dashboard');
  await buildPages({
    root: join(packages, 'dashboard'),
    build: { outDir, emptyOutDir: true },
    logLevel: 'warn',
  });
  return [command, server, thread];
}

if (import.meta.main) {
  for (const file of await build(join(packages, 'cli', 'dist'))) {
    process.stdout.write(`${relative(packages, file)} ${Math.ceil(statSync(file).size / 1024)} KiB\n`);
  }
}
