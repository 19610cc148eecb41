import type { ChildProcess } from 'node:child_process';

/** What was started here and is not gone, and what ends it at once. One listener serves all: a test may start many. */
const living = new Map<ChildProcess, () => void>();

process.once('exit', () => {
  for (const end of living.values()) end();
});

/** Ends a child when the tests end that started it, in their middle too; by SIGKILL unless told how. */
export function endWithTests(child: ChildProcess, end: () => void = () => void child.kill('SIGKILL')): void {
  living.set(child, end);
  child.once('exit', () => living.delete(child));
}
