import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { cleanEnvironment, endWithTests, projectPath } from '@latchkey/testkit';

export type ProxyName = 'sveltekit-proxy' | 'nextjs-proxy';
export type ExampleName = ProxyName | 'fastify-target';

/** A started example, on loopback. */
export interface ExampleProcess {
  readonly baseUrl: string;
  /** Everything that it wrote so far. */
  output(): string;
  /** Resolves once it has written this text; rejects when it ends without it. */
  wrote(text: string): Promise<void>;
  /** Ends it and whatever it started; resolves when it is gone. */
  stop(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  output(): string;
}

/** `npm run` in the folder of an example: what its README says, on the Node of this process. */
function npmRun(name: ExampleName, args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn('npm', ['run', ...args], {
    cwd: projectPath(`examples/${name}`),
    env: {
      ...cleanEnvironment(),
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      NEXT_TELEMETRY_DISABLED: '1',
      ...env,
    },
    // A group of its own, which npm, its shell and the server end with.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => written.push(text));
  }
  endWithTests(child, () => killGroup(child));
  return { child, output: () => written.join('') };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** Resolves with what `find` first sees in the output; rejects with all of it when the process ends before. */
async function found(
  { child, output }: Running,
  find: (text: string) => string | undefined,
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const check = () => {
      const seen = find(output());
      if (seen !== undefined) resolve(seen);
    };
    child.stdout?.on('data', check);
    child.stderr?.on('data', check);
    child.once('close', (code) => reject(new Error(`ended with ${code}:\n${output()}`)));
    check();
  });
}

/** The folder with what the build of an example made. */
export function buildFolder(name: ProxyName): string {
  return join(projectPath(`examples/${name}`), name === 'nextjs-proxy' ? '.next' : 'build');
}

/** Runs a script of an example to its end. Throws with what it wrote when that fails. */
export async function runScript(
  name: ExampleName,
  script: 'build' | 'check',
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const running = npmRun(name, [script], env);
  const [code] = await once(running.child, 'close');
  if (code !== 0) throw new Error(`${script} of ${name} ended with ${code}:\n${running.output()}`);
}

/** `npm start`; resolves once it listens, and rejects with what it wrote when it ends before. */
export async function startExample(
  name: ExampleName,
  env: Readonly<Record<string, string>>,
): Promise<ExampleProcess> {
  const args = name === 'nextjs-proxy' ? ['--', '--port', '0', '--hostname', '127.0.0.1'] : [];
  const running = npmRun(name, ['start', ...args], { PORT: '0', HOST: '127.0.0.1', ...env });
  const { child, output } = running;
  const baseUrl = await found(running, (text) => /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0]);
  return {
    baseUrl,
    output,
    async wrote(text) {
      await found(running, (output) => (output.includes(text) ? text : undefined));
    },
    async stop() {
      killGroup(child);
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    },
  };
}
