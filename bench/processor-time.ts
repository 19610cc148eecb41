/** What a check answers: whether it accepted, plain or as part of a verdict. */
export type Verdict = boolean | { readonly valid: boolean };

/** One check of something. */
export type Check = () => Verdict | Promise<Verdict>;

/** Processor time and not the time of day: what other processes take meanwhile is not the check's. */
function microsecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/** How to measure a check. */
export interface Pace {
  /** What each answer has to be; true unless told. */
  readonly accepted?: boolean;
  /** How many are made before the clock is looked at again: fewer of those that take long. */
  readonly betweenLooks?: number;
  /** Of processor time, at least. */
  readonly sliceMs?: number;
}

/** For checks that take a microsecond or so: looking at the clock does, too. */
export const quick: Pace = { betweenLooks: 512, sliceMs: 200 };

/**
 * Repeats a check for a slice of processor time and answers how many were made per second of it. Throws when one
 * answers otherwise than it should.
 */
export async function checksPerSecond(check: Check, pace: Pace = {}): Promise<number> {
  const { accepted = true, betweenLooks = 64, sliceMs = 40 } = pace;
  const start = process.cpuUsage();
  let [checks, microseconds] = [0, 0];
  while (microseconds < sliceMs * 1000) {
    for (let each = 0; each < betweenLooks; each++) {
      const answer = check();
      // Only what is asynchronous is waited for, so that the others do not pay for it.
      const verdict = answer instanceof Promise ? await answer : answer;
      if ((typeof verdict === 'boolean' ? verdict : verdict.valid) !== accepted) {
        throw new Error(`a check that should have ${accepted ? 'accepted' : 'refused'} did not`);
      }
    }
    checks += betweenLooks;
    microseconds = microsecondsSince(start);
  }
  return (checks / microseconds) * 1_000_000;
}

/** A check that takes one key after the other and starts again with the first. */
export function inTurns(keys: readonly string[], verify: (key: string) => Verdict | Promise<Verdict>): Check {
  let next = 0;
  return () => {
    const key = keys[next] ?? '';
    next = next + 1 === keys.length ? 0 : next + 1;
    return verify(key);
  };
}
