import { createProcesses } from './model-process-for-tests.ts';
import { createRevokers } from './model-revoker-for-tests.ts';
import {
  ago,
  type Emit,
  fast,
  leaseOf,
  modelTiming,
  now,
  type Rules,
  type Scope,
  type State,
  slow,
} from './model-state-for-tests.ts';
import { createVerifierActions } from './model-verifier-for-tests.ts';

/** What the model does with a state. */
export interface Actions {
  /** Emits everything that may happen. */
  act(state: State, emit: Emit): void;
  /** Lets time pass in a state, which it changes, while nobody acts but who revoked; says where a change is not answered even so. */
  waitOut(state: State): string | undefined;
}

/** After this long all leases have run out, whosever clock it is. */
const longest = modelTiming.leaseMs * 2 * (fast / slow);

/** After how many ticks a duration is over by a clock: whatever is older is as good as any age. */
function ticksOf(duration: number, rate: number): number {
  return Math.ceil(duration / rate);
}

/** Everything that may happen within a scope, as far as it is decided by these rules. */
export function createActions(rules: Rules, scope: Scope): Actions {
  const rateOf = (process: number) => scope.rates[process] ?? 0;
  const verifierRate = (verifier: number) => scope.rates[scope.processes + verifier] ?? 0;
  const processes = createProcesses(rules, scope);
  const verifierActions = createVerifierActions(rules, scope, processes);
  const revokers = createRevokers(rules, scope, processes);

  /** A verifier that has nothing in memory and gets nothing any more: what it says and hears is of no account. */
  function retire(next: State): void {
    if (next.revocations.some(({ phase }) => phase === 'before')) return;
    for (const verifier of next.verifiers) {
      if (verifier.filling !== null || verifier.memory.some((held) => held)) continue;
      if (verifier.fills < scope.fills && next.processes.some(({ memory }) => memory.some((held) => held)))
        continue;
      Object.assign(verifier, {
        messages: [],
        asks: scope.asks,
        fills: scope.fills,
        leaseMs: 0,
        age: 0,
        applied: 0,
      });
    }
  }

  function tick(next: State): void {
    for (const [p, process] of next.processes.entries()) {
      const rate = rateOf(p);
      if (process.leaseAge !== null) process.leaseAge += 1;
      if (!processes.isLeased(process, p)) process.leaseAge = null;
      if (process.read !== null)
        process.read.age = Math.min(process.read.age + 1, ticksOf(modelTiming.leaseMs, rate));
      for (const booking of process.bookings) booking.left = Math.max(0, booking.left - rate);
      for (const change of process.open) {
        for (const danger of change.dangers) danger.left = Math.max(0, danger.left - rate);
      }
    }
    for (const [v, verifier] of next.verifiers.entries()) {
      if (verifier.leaseMs > 0) verifier.age += 1;
      if (verifier.age * verifierRate(v) >= verifier.leaseMs) Object.assign(verifier, { age: 0, leaseMs: 0 });
      for (const message of verifier.messages) {
        message.age = Math.min(message.age + 1, ticksOf(modelTiming.leaseMs, verifierRate(v)));
        if (message.kind === 'arrived') message.waited = Math.min(message.waited + 1, message.age);
      }
    }
    for (const revocation of next.revocations) {
      if (revocation.phase === 'settling' || revocation.phase === 'answered') {
        revocation.age = Math.min(revocation.age + 1, ticksOf(longest, rateOf(revocation.by)));
      }
    }
  }

  function act(state: State, emit: Emit): void {
    const emitRetired: Emit = (name, change) =>
      emit(name, (next) => {
        change(next);
        retire(next);
      });
    for (const p of state.processes.keys()) processes.act(state, p, emitRetired);
    for (const v of state.verifiers.keys()) verifierActions(state, v, emitRetired);
    for (const r of state.revocations.keys()) revokers.act(state, r, emitRetired);
    emit('time passes', tick);
  }

  function waitOut(state: State): string | undefined {
    const underWay = () =>
      state.revocations.find(({ phase }) => phase === 'committed' || phase === 'settling');
    for (let ticks = 0; ticks <= longest && underWay() !== undefined; ticks += 1) {
      for (const r of state.revocations.keys()) revokers.settle(state, r, (_name, change) => change(state));
      tick(state);
    }
    const left = underWay();
    return left && `change ${left.seq} is never answered`;
  }

  return { act, waitOut };
}

/** Whether no key can be accepted any more that should not be, whatever happens. */
export function isHarmless({ revocations, processes, verifiers }: State): boolean {
  if (revocations.some(({ phase }) => phase === 'before')) return false;
  return [...processes, ...verifiers].every(
    ({ memory, filling }) => filling === null && memory.every((held) => !held),
  );
}

/** Who accepts a key from memory although its revocation was answered; undefined where nobody does. */
export function violation(rules: Rules, scope: Scope, state: State): string | undefined {
  for (const [key, { phase }] of state.revocations.entries()) {
    if (phase !== 'answered') continue;
    for (const [p, { memory, leaseAge }] of state.processes.entries()) {
      const isLive = leaseAge !== null && rules.isLive(ago(leaseAge, scope.rates[p] ?? 0), now, modelTiming);
      if (isLive && memory[key] === true) return `p${p} accepts key ${key}`;
    }
    for (const [v, verifier] of state.verifiers.entries()) {
      const lease = leaseOf(verifier, scope.rates[scope.processes + v] ?? 0);
      if (verifier.memory[key] === true && rules.mayAnswer(lease, now)) return `v${v} accepts key ${key}`;
    }
  }
  return undefined;
}
