import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const living = new Set<ChildProcess>();

/** Process ids of the servers that were started here and have not ended. */
export function livingChildren(): number[] {
  return [...living].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
}

process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Says whether processes can be held to one core here. */
export const canPin = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;

/** Holds this process, and whatever it starts, to one core; does nothing where that is impossible. */
export function pinSelf(core: number): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}

/** A server in a process of its own. */
export interface ServerChild {
  readonly port: number;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
}

/** How to start a server that prints `{"listening":"http://…"}` on stdout, as `latchkey serve` does. */
export interface ServerOptions {
  /** Arguments of Node: the file and what follows it. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The core that it is held to; that of this process unless told. */
  readonly core?: number;
  /** A file descriptor for its log. */
  readonly stderr?: number;
}

async function listeningPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the server has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const { listening } = JSON.parse(line) as { listening?: string };
    if (listening !== undefined) return Number(new URL(listening).port);
  }
  throw new Error(`the server ended before it listened: ${child.spawnargs.join(' ')}`);
}

/** Starts a server with this process's Node; resolves when it says that it listens. */
export async function startServer({ args, env, core, stderr }: ServerOptions): Promise<ServerChild> {
  const pinned = canPin && core !== undefined;
  const child = spawn(
    pinned ? 'taskset' : process.execPath,
    pinned ? ['-c', String(core), process.execPath, ...args] : args,
    { env, stdio: ['ignore', 'pipe', stderr ?? 'inherit'] },
  );
  living.add(child);
  child.once('exit', () => living.delete(child));
  return {
    port: await listeningPort(child),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
