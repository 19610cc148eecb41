import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cleanEnvironment } from './clean-environment.ts';
import { latchkeyProgram, projectPath } from './project-root.ts';
import { temporaryFolder, temporaryRootVariable } from './temporary-folder.ts';

export interface RunOptions {
  /** Holds the profiles; a fresh folder unless told. Pass the same one for commands that belong together. */
  readonly home?: string;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** Written to stdin, which is then closed; an empty stdin unless told. */
  readonly stdin?: string;
  /** The working folder; `home` unless told. */
  readonly cwd?: string;
}

/** How a command ended; `code` is null when a signal ended it. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Compiled code outlives the home of one test, as it outlives one command of a person. */
const cache = { XDG_CACHE_HOME: join(process.env[temporaryRootVariable] ?? tmpdir(), 'latchkey-cache') };

async function run(program: string, args: readonly string[], options: RunOptions): Promise<CommandResult> {
  const home = options.home ?? temporaryFolder('home');
  const child = spawn(program, args, {
    cwd: options.cwd ?? home,
    env: { ...cleanEnvironment(), HOME: home, XDG_CONFIG_HOME: `${home}/.config`, ...cache, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that ends without reading its stdin breaks the pipe, which is no failure.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

/** Runs `latchkey` from this repository, without a terminal, in a clean environment. */
export async function runLatchkey(args: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  return await run(process.execPath, [latchkeyProgram, ...args], options);
}

/** Runs the published client as it came from npm, on the Node it was made for; see the contract's part G. */
export async function runPublished(
  args: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  const node = projectPath('node_modules/node24/bin/node');
  return await run(node, [projectPath('node_modules/codika/dist/cli/index.js'), ...args], options);
}
