import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for programs to read. */
const ticksPerSecond = 100;

function sum(ticks: readonly (string | number | undefined)[]): number {
  return ticks.reduce<number>((total, each) => total + Number(each ?? 0), 0);
}

/** Time of all processes: user, nice and system; not that of interrupts, which nobody can be charged with. */
function busyTicks(): number {
  const [, user, nice, system] = readFileSync('/proc/stat', 'utf8').split(/\s+/, 4);
  return sum([user, nice, system]);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Its time, and that of its children that have ended. */
  readonly ticks: number;
}

function processOf(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), ticks: sum(fields.slice(11, 15)) };
  } catch {
    // It has ended since the folder was read.
    return undefined;
  }
}

/** Time of this process and of whatever it has started: a browser starts processes of its own. */
function ownTicks(): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const all = pids.flatMap((pid) => processOf(Number(pid)) ?? []);
  const own = new Set([process.pid]);
  // Parents need not have the smaller numbers.
  for (let before = 0; before < own.size; ) {
    before = own.size;
    for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
  }
  return sum(all.flatMap(({ pid, ticks }) => (own.has(pid) ? [ticks] : [])));
}

function foreignTicks(): number {
  return busyTicks() - ownTicks();
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
