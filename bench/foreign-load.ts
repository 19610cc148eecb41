import { readFileSync } from 'node:fs';
import { livingChildren } from './child.ts';

/** Linux counts processor time in hundredths of a second for programs to read. */
const ticksPerSecond = 100;

function sum(ticks: readonly (string | undefined)[]): number {
  return ticks.reduce((total, each) => total + Number(each ?? 0), 0);
}

/** Time of all processes: user, nice and system; not that of interrupts, which nobody can be charged with. */
function busyTicks(): number {
  const [, user, nice, system] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 4);
  return sum([user, nice, system]);
}

/** Time of a process and of those of its children that have ended. */
function ticksOf(pid: number | 'self'): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return sum(fields.slice(11, 15));
}

function foreignTicks(): number {
  const own = ['self' as const, ...livingChildren()].map(ticksOf);
  return busyTicks() - own.reduce((total, ticks) => total + ticks, 0);
}

/**
 * Runs `work` and answers how many cores processes other than the bench's own used meanwhile; what `work` does inside
 * `unwatched` is not counted. `undefined` where there is no /proc.
 */
export async function watchForeignLoad(
  work: (unwatched: (preparation: () => Promise<void>) => Promise<void>) => Promise<void>,
): Promise<number | undefined> {
  if (process.platform !== 'linux') {
    await work((preparation) => preparation());
    return undefined;
  }
  let [ticks, startedAtMs] = [foreignTicks(), performance.now()];
  await work(async (preparation) => {
    const [ticksBefore, beforeMs] = [foreignTicks(), performance.now()];
    await preparation();
    ticks += foreignTicks() - ticksBefore;
    startedAtMs += performance.now() - beforeMs;
  });
  const seconds = (performance.now() - startedAtMs) / 1000;
  return Math.max(0, (foreignTicks() - ticks) / ticksPerSecond / seconds);
}
