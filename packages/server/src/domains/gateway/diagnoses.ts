import { type Clock, secondMs } from '../../platform/clock.ts';

const msPerSecond = 100;
const perInstanceAndSecond = 5;
/** Of larger bodies the cause is not looked for: no sender's messages are that large but few. */
const maxBodyBytes = 64 * 1024;

/**
 * How many refused signatures are explained: looking for the cause costs much more than refusing, so that whoever
 * sends many wrong ones would otherwise keep the server busy. What is beyond is refused without a closer look.
 */
export interface Diagnoses {
  /** Looks closer if there is still time for it in this second, of this process and of the instance. */
  look<Result>(instanceId: string, bodyBytes: number, look: () => Result): Result | undefined;
}

export function createDiagnoses(clock: Clock): Diagnoses {
  let second = 0;
  let spentMs = 0;
  const made = new Map<string, number>();

  function mayLook(instanceId: string, bodyBytes: number): boolean {
    const current = Math.floor(clock.now() / secondMs);
    if (current !== second) {
      [second, spentMs] = [current, 0];
      made.clear();
    }
    const count = (made.get(instanceId) ?? 0) + 1;
    if (bodyBytes > maxBodyBytes || spentMs >= msPerSecond || count > perInstanceAndSecond) return false;
    made.set(instanceId, count);
    return true;
  }

  return {
    look(instanceId, bodyBytes, look) {
      if (!mayLook(instanceId, bodyBytes)) return undefined;
      const startedAtMs = performance.now();
      const result = look();
      spentMs += performance.now() - startedAtMs;
      return result;
    },
  };
}
