import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment, endWithTests, projectPath, temporaryFolder } from '@latchkey/testkit';

/** What a target noted of one execution, in order. */
export type Notes = readonly ('started' | 'acknowledged' | 'refused')[];

/** A target in a process of its own, always at the same ports. */
export interface Target {
  /** Several, so that what is known of one of them (that it is down) says nothing of the others. */
  readonly urls: readonly string[];
  start(): Promise<void>;
  /** SIGKILL; resolves when it is gone. Does nothing while it is not there. */
  kill(): Promise<void>;
  /** Where it is to send its reports from now on. */
  reportTo(baseUrl: string): void;
  /** What every life of it noted, by execution. */
  notes(): ReadonlyMap<string, Notes>;
}

/** Below those that the kernel hands out, so that the ports are still free after a crash. */
const [lowestPort, highestPort] = [20_000, 32_000];

/** A target that has not been started. */
export function createTarget(portCount = 1): Target {
  const folder = temporaryFolder('target');
  const [notesFile, addressFile] = [join(folder, 'notes'), join(folder, 'address')];
  const lowest = randomInt(lowestPort, highestPort);
  const ports = Array.from({ length: portCount }, (_, index) => lowest + index);
  let child: ChildProcess | undefined;

  async function kill(): Promise<void> {
    const killed = child;
    child = undefined;
    if (killed === undefined || killed.exitCode !== null || killed.signalCode !== null) return;
    killed.kill('SIGKILL');
    await once(killed, 'exit');
  }

  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    kill,
    async start() {
      const program = projectPath('e2e/door/target-program.ts');
      const started = spawn(process.execPath, [program, notesFile, addressFile, ...ports.map(String)], {
        env: cleanEnvironment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      endWithTests(started);
      const ended = once(started, 'exit').then(() => Promise.reject(new Error('the target ended')));
      await Promise.race([once(started.stdout, 'data'), ended]);
      ended.catch(() => {});
    },
    reportTo(baseUrl) {
      writeFileSync(addressFile, baseUrl);
    },
    notes() {
      const all = new Map<string, Notes[number][]>();
      const text = existsSync(notesFile) ? readFileSync(notesFile, 'utf8') : '';
      for (const line of text.split('\n').filter((each) => each !== '')) {
        const [what, id = ''] = line.split(' ') as [Notes[number], string];
        all.set(id, [...(all.get(id) ?? []), what]);
      }
      return all;
    },
  };
}
