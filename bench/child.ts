import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';

const living = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Says whether processes can be held to one core here. */
export const canPin = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;

/** Holds this process, and whatever it starts, to one core; does nothing where that is impossible. */
export function pinSelf(core: number): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}

/** Lets this process, and whatever it starts from now on, use all cores again. */
export function releaseSelf(): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', `0-${cpus().length - 1}`, String(process.pid)]);
}

/** A server in a process of its own. */
export interface ServerChild {
  readonly port: number;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
}

/** How to start a program that listens. */
export interface ProgramOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The core that it is held to; that of this process unless told. */
  readonly core?: number;
  /** A file descriptor for its log. */
  readonly stderr?: number;
  /** Resolves with the port when the program listens. */
  readonly listening: (child: ChildProcess) => Promise<number>;
}

/** Starts a program; resolves when it listens. */
export async function startProgram(options: ProgramOptions): Promise<ServerChild> {
  const { program, args, env, core, stderr, listening } = options;
  const pinned = canPin && core !== undefined;
  const child = spawn(pinned ? 'taskset' : program, pinned ? ['-c', String(core), program, ...args] : args, {
    env,
    stdio: ['ignore', 'pipe', stderr ?? 'inherit'],
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  return {
    port: await listening(child),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function announcedPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the server has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const { listening } = JSON.parse(line) as { listening?: string };
    if (listening !== undefined) return Number(new URL(listening).port);
  }
  throw new Error(`the server ended before it listened: ${child.spawnargs.join(' ')}`);
}

/** Arguments of Node, the file and what follows it, and how it is run. */
export type ServerOptions = Omit<ProgramOptions, 'program' | 'listening'>;

/** Starts a server with this process's Node that prints `{"listening":"http://…"}` on stdout, as `latchkey serve` does. */
export function startServer(options: ServerOptions): Promise<ServerChild> {
  return startProgram({ ...options, program: process.execPath, listening: announcedPort });
}
