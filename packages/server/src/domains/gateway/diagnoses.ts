import { type Clock, secondMs } from '../../platform/clock.ts';

const perSecond = 20;

/**
 * How many refused signatures are explained: looking for the cause costs much more than refusing, so that whoever
 * sends many wrong ones would otherwise keep the server busy. The rest is refused without a closer look.
 */
export interface Diagnoses {
  /** Whether one more may be made in this second, by this process. */
  mayMake(): boolean;
}

export function createDiagnoses(clock: Clock): Diagnoses {
  let second = 0;
  let made = 0;
  return {
    mayMake() {
      const current = Math.floor(clock.now() / secondMs);
      if (current !== second) [second, made] = [current, 0];
      made += 1;
      return made <= perSecond;
    },
  };
}
