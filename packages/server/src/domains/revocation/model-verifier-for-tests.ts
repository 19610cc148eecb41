import type { Processes } from './model-process-for-tests.ts';
import {
  ago,
  at,
  type Emit,
  isRevoked,
  leaseOf,
  type Message,
  modelTiming,
  type Rules,
  type Scope,
  type State,
} from './model-state-for-tests.ts';

type Sent<Kind> = Message & { readonly kind: Kind };

/** Tests only: everything that a verifier may do next, and what may become of its messages. */
export function createVerifierActions(
  rules: Rules,
  scope: Scope,
  { isLeased }: Pick<Processes, 'isLeased'>,
): (state: State, v: number, emit: Emit) => void {
  const rateOf = (process: number) => scope.rates[process] ?? 0;
  const ownRate = (verifier: number) => scope.rates[scope.processes + verifier] ?? 0;

  function asking(state: State, v: number, emit: Emit): void {
    const { asks, messages } = at(state.verifiers, v);
    if (asks >= scope.asks || messages.length >= scope.messages) return;
    for (const to of state.processes.keys()) {
      emit(`v${v} asks p${to}`, (next) => {
        const own = at(next.verifiers, v);
        own.asks += 1;
        own.messages.push({ kind: 'asked', to, applied: own.applied, age: 0 });
      });
    }
  }

  function arrive(next: State, v: number, message: Sent<'asked'>): Message {
    const booking = at(at(next.processes, message.to).bookings, v);
    booking.applied = Math.max(booking.applied, message.applied ?? -1);
    return { ...message, kind: 'arrived', waited: 0 };
  }

  /** Books what is given. */
  function grant(next: State, v: number, { to, waited }: Sent<'arrived'>): number {
    const process = at(next.processes, to);
    const endsAt = isLeased(process, to)
      ? modelTiming.leaseMs - (process.leaseAge ?? 0) * rateOf(to)
      : Number.NEGATIVE_INFINITY;
    const arrivedAt = -waited * rateOf(to);
    const leaseMs = rules.grantMs(endsAt, arrivedAt, modelTiming);
    const booking = at(process.bookings, v);
    if (leaseMs > 0)
      booking.left = Math.max(booking.left, rules.bookedUntil(arrivedAt, leaseMs, modelTiming));
    return leaseMs;
  }

  function answer(next: State, v: number, message: Sent<'arrived'>): Message {
    const { to, age, applied: said } = message;
    const { applied: cursor, remembersFrom } = at(next.processes, to);
    const applied = said ?? -1;
    // It reads the counter first; where that fails it gives nothing, and else this happens after it has read.
    if (applied > cursor) {
      return { kind: 'answered', applied: said, age, cursor: applied, leaseMs: 0, reset: false, keyIds: [] };
    }
    const leaseMs = grant(next, v, message);
    const reset = applied < 0 || (applied < cursor && applied < remembersFrom);
    const keyIds = next.revocations.flatMap(({ seq }, key) =>
      !reset && seq > applied && seq <= cursor ? [String(key)] : [],
    );
    return { kind: 'answered', applied: said, age, cursor, leaseMs, reset, keyIds };
  }

  function take(next: State, v: number, message: Sent<'answered'>): void {
    const own = at(next.verifiers, v);
    const rate = ownRate(v);
    const asked = { applied: message.applied, mark: '', sentAt: ago(message.age, rate) };
    const { lease, forget } = rules.renewed(leaseOf(own, rate), { ...message, mark: '' }, asked);
    own.memory = own.memory.map((held, key) => held && forget !== 'all' && !forget.includes(String(key)));
    own.applied = lease.applied;
    own.leaseMs = lease.leaseMs;
    own.age = Math.round(-lease.since.elapsedMs / rate);
  }

  function delivering(state: State, v: number, emit: Emit): void {
    for (const [index, message] of at(state.verifiers, v).messages.entries()) {
      if (message.kind === 'asked') {
        emit(`a request of v${v} arrives at p${message.to}`, (next) => {
          at(next.verifiers, v).messages[index] = arrive(next, v, message);
        });
      } else if (message.kind === 'arrived') {
        emit(`p${message.to} answers v${v}`, (next) => {
          at(next.verifiers, v).messages[index] = answer(next, v, message);
        });
      } else {
        emit(`v${v} gets an answer`, (next) => {
          at(next.verifiers, v).messages.splice(index, 1);
          take(next, v, message);
        });
      }
    }
  }

  function askForKey(state: State, v: number, key: number, emit: Emit): void {
    for (const [p, process] of state.processes.entries()) {
      const isKnown = isLeased(process, p) && process.memory[key] === true;
      if (!isKnown && isRevoked(state, key)) continue;
      emit(`v${v} asks p${p} for key ${key}`, (next) => {
        const own = at(next.verifiers, v);
        own.fills += 1;
        own.filling = { key, asOf: isKnown ? at(next.processes, p).applied : next.seq };
      });
    }
  }

  function filling(state: State, v: number, emit: Emit): void {
    const { memory, filling, fills } = at(state.verifiers, v);
    for (const [key, isHeld] of memory.entries()) {
      if (!isHeld && filling === null && fills < scope.fills) askForKey(state, v, key, emit);
    }
    if (filling === null) return;
    emit(`v${v} is told of key ${filling.key}`, (next) => {
      const own = at(next.verifiers, v);
      if (rules.mayKeep(leaseOf(own, ownRate(v)), filling.asOf)) own.memory[filling.key] = true;
      own.filling = null;
    });
  }

  return (state, v, emit) => {
    for (const each of [asking, delivering, filling]) each(state, v, emit);
  };
}
