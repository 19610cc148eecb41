import { LatchkeyError } from '@latchkey/protocol';
import { type Clock, secondMs } from '../../platform/clock.ts';
import { createGatherer, type Store } from '../../storage/index.ts';
import { countersOf, isExact, type UseRequest } from './counters.ts';
import { type Filled, fillAll, type Order } from './fill.ts';
import { createRefusals } from './refusals.ts';
import { createSlices } from './slices.ts';
import { refusalOf, tell, toldOf, type UseVerdict, uncounted } from './use-verdict.ts';

/** How often unused units are looked for. */
const idleLookMs = secondMs;
/** Transactions that count wait for each other's rows: more of them would only hold connections. */
const transactionsAtOnce = 2;

/**
 * Counts uses of keys against their limits and budgets. All or nothing: a use that one of them refuses counts against
 * none. Never more than a limit is accepted within a window, by any number of processes; a window starts with the first
 * use that is counted in it.
 *
 * `exact`: every use is counted in the database before it is accepted, so that nothing is refused while a unit is left.
 * `fast`: a process takes slices ahead of need and spends them in memory. A slice S is at most 1 % of the tightest
 * limit (⌊L/100⌋; of a limit below 100 there are none), and what is not used is given back after two seconds. So uses may
 * be refused early: of a limit L at least L − (P − 1 + C) × S are accepted, by P processes, C of which are killed within
 * the window; where verifiers outside spend by themselves, another (P + C) × S may be wasted by them
 * (docs/guides/verification.md, "Counting").
 */
export interface KeyUsage {
  /**
   * Answers at once where nothing has to be counted or units are held. Rejects with `UNAVAILABLE` where the database
   * cannot be reached: what cannot be counted must not be accepted. Expects limits as they stand in the row of the key.
   */
  count(request: UseRequest): UseVerdict | Promise<UseVerdict>;
  /** Gives back units that nobody has used for two seconds. */
  returnIdle(): Promise<void>;
  /** Gives back all units. */
  close(): Promise<void>;
}

export function createKeyUsage(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  onError: (error: unknown) => void,
): KeyUsage {
  const gather = createGatherer(store, (trx, orders: readonly Order[]) => fillAll(trx, orders, clock.now()), {
    atOnce: transactionsAtOnce,
  });

  async function fill(order: Order): Promise<Filled> {
    try {
      return await gather(order);
    } catch (cause) {
      throw new LatchkeyError('UNAVAILABLE', { cause, internal: 'a use of a key could not be counted' });
    }
  }

  const refusals = createRefusals(clock);

  function answer(request: UseRequest, { isAccepted, ahead, states }: Filled): UseVerdict {
    const told = toldOf(states);
    if (isAccepted) return tell('VALID', told, ahead, clock.now());
    const refusal = tell(refusalOf(told, request.cost), told, 0, clock.now());
    refusals.note(request, request.cost, refusal, states);
    return refusal;
  }

  const slices = createSlices({ clock, fill, answer, onError });

  async function countExactly(request: UseRequest): Promise<UseVerdict> {
    const { keyId, cost } = request;
    // Something is held where the key was counted `fast` until a moment ago.
    const unused = slices.release(keyId);
    return answer(request, await fill({ counters: countersOf(request), cost, ahead: 0, unused }));
  }

  async function returnIdle(): Promise<void> {
    refusals.forgetOld();
    await slices.returnIdle();
  }

  const timer = setInterval(() => void returnIdle().catch(onError), idleLookMs).unref();
  return {
    count(request) {
      if (request.limits === null && request.budget === null) return uncounted;
      const exact = isExact(request);
      const known = (exact ? undefined : slices.spend(request)) ?? refusals.find(request, request.cost);
      if (known !== undefined) return known;
      return exact ? countExactly(request) : slices.fetch(request);
    },
    returnIdle,
    async close() {
      clearInterval(timer);
      await slices.close();
    },
  };
}
