import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnvironment } from '@latchkey/testkit';

/** What a holder reports on: that it accepts all keys from memory, that it has refused all, or that it failed. */
export type Milestone = 'known' | 'refused' | 'failed';

/** What a holder is told: which keys to verify from now on, none to rest; or to report once something is so. */
export type ToHolder =
  | { readonly kind: 'watch'; readonly keys: readonly string[] }
  | { readonly kind: 'report'; readonly once: Milestone };

/** What became of one key at one holder. Instants are nanoseconds of the clock that all processes here share. */
export interface KeyReport {
  readonly key: string;
  readonly accepted: number;
  readonly fromMemory: number;
  /** When the last verification began that accepted it. */
  readonly lastAcceptedAt: string;
  /** The last verdict that was not good. */
  readonly refused: string;
}

export interface Report {
  readonly keys: readonly KeyReport[];
  /** Verifications that ended in an error. */
  readonly failures: number;
}

/** A process that verifies keys as fast as it can. */
export interface Holder {
  readonly id: string;
  readonly child: ChildProcess;
  watch(keys: readonly string[]): void;
  /** Resolves when it is so. */
  once(milestone: Milestone): Promise<Report>;
  stop(): Promise<void>;
}

/** Starts one that verifies at `baseUrl`, by `apiKey`. */
export function startHolder(id: string, baseUrl: string, apiKey: string): Holder {
  const child = fork(`${import.meta.dirname}/holder-program.ts`, [baseUrl, apiKey, id], {
    env: cleanEnvironment(),
    execArgv: [],
  });
  return {
    id,
    child,
    watch: (keys) => void child.send({ kind: 'watch', keys } satisfies ToHolder),
    async once(milestone) {
      child.send({ kind: 'report', once: milestone } satisfies ToHolder);
      const [report] = await once(child, 'message');
      return report as Report;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
