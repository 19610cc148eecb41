import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface } from 'node:readline';
import { cleanEnvironment } from './clean-environment.ts';
import { endWithTests } from './end-with-tests.ts';
import { latchkeyProgram } from './project-root.ts';
import type { SmtpSink } from './smtp-sink.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface StartServerOptions {
  /** Added to a clean environment; no LATCHKEY_ variable of the shell gets through. */
  readonly env?: Readonly<Record<string, string>>;
  /** A fresh folder unless told. */
  readonly dataDir?: string;
  /** SQLite in `dataDir` unless told. */
  readonly databaseUrl?: string | undefined;
  /** Where the server sends its mail; without it the codes stand in the local mailbox. */
  readonly smtp?: Pick<SmtpSink, 'url' | 'caFile'>;
}

/** A server in a process of its own, on a free port. */
export interface ServerProcess {
  readonly baseUrl: string;
  readonly dataDir: string;
  readonly pid: number;
  /** The environment that it runs in, for host commands that must use the same settings. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Everything that it wrote on stderr so far. */
  logs(): string;
  /** Resolves once its log holds this text, `from` a length of it on; rejects when the process ends without it. */
  logged(text: string, from?: number): Promise<void>;
  /** SIGTERM; resolves with the exit code. Safe to call twice. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** How a server ended that never listened. */
export class ServerNotStarted extends Error {
  override readonly name = 'ServerNotStarted';
  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(exitCode: number | null, stderr: string) {
    super(`the server ended with code ${exitCode} before it listened:\n${stderr}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

function serverEnvironment({ env, databaseUrl, smtp }: StartServerOptions): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(),
    ...(databaseUrl === undefined ? {} : { LATCHKEY_DATABASE_URL: databaseUrl }),
    ...(smtp === undefined ? {} : { LATCHKEY_SMTP_URL: smtp.url, NODE_EXTRA_CA_CERTS: smtp.caFile }),
    ...env,
  };
}

/** The base URL of the line that the server prints once it listens; `undefined` when it ended instead. */
async function listeningUrl(child: ChildProcess): Promise<string | undefined> {
  if (child.stdout === null) throw new Error('the server has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { listening?: string };
    if (said.listening !== undefined) return said.listening;
  }
  return undefined;
}

async function untilLogged({ stderr }: ChildProcess, isLogged: () => boolean, text: string): Promise<void> {
  if (isLogged()) return;
  const pieces = stderr === null || stderr.readableEnded ? [] : on(stderr, 'data', { close: ['end'] });
  for await (const _piece of pieces) if (isLogged()) return;
  throw new Error(`never logged: ${text}`);
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Starts `latchkey serve` and resolves once it listens. Throws `ServerNotStarted` when it ends before. */
export async function startServer(options: StartServerOptions = {}): Promise<ServerProcess> {
  const dataDir = options.dataDir ?? temporaryFolder('data');
  const env = serverEnvironment(options);
  const child = spawn(process.execPath, [latchkeyProgram, 'serve', '--port', '0', '--data', dataDir], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithTests(child);

  const log: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text));
  const baseUrl = await listeningUrl(child);
  if (baseUrl === undefined || child.pid === undefined) {
    throw new ServerNotStarted(await ended(child), log.join(''));
  }
  return {
    baseUrl,
    dataDir,
    env,
    pid: child.pid,
    logs: () => log.join(''),
    logged: (text, from = 0) => untilLogged(child, () => log.join('').includes(text, from), text),
    async stop() {
      child.kill('SIGTERM');
      return await ended(child);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}
