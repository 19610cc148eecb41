import { noLease } from '@latchkey/protocol';
import {
  ago,
  at,
  type Emit,
  isRevoked,
  modelTiming,
  now,
  type OpenChange,
  type ProcessState,
  type Rules,
  type Scope,
  type State,
} from './model-state-for-tests.ts';

/** Tests only: what processes do, and what others ask of them. */
export interface Processes {
  /** Everything that a process may do next. */
  act(state: State, p: number, emit: Emit): void;
  isLeased(process: ProcessState, p: number): boolean;
  /** Brings a change to a process that hears of it when others may be missing before it. */
  reach(state: State, p: number, seq: number, own: boolean): void;
  /** Whether nobody behind a process relies on what was before a change. */
  isOver(process: ProcessState, change: OpenChange): boolean;
}

function holdsRow(state: State, p: number): boolean {
  const process = state.processes[p];
  return process?.isRegistered === true && state.rows[p]?.epoch === process.epoch;
}

function lose(process: ProcessState): void {
  process.isRegistered = false;
  process.isStarted = false;
  process.applied = 0;
  for (const booking of process.bookings) booking.applied = -1;
  process.leaseAge = null;
  process.memory = process.memory.map(() => false);
  process.open = process.open.filter(({ own }) => own);
}

/** Writes down what a process says of a change; false where it finds that it was struck off. */
function say(state: State, p: number, { seq, from }: OpenChange, what: 'seen' | 'confirmed'): boolean {
  if (!holdsRow(state, p)) {
    lose(at(state.processes, p));
    return false;
  }
  const said = at(state.said, p);
  if (said[seq] !== 'confirmed') said[seq] = what;
  const row = state.rows[p];
  if (what === 'confirmed' && from < seq && row && row.registeredSeq < seq) {
    state.rows[p] = { ...row, registeredSeq: seq };
  }
  return true;
}

/** Begins with nothing in memory, where the counter was read. */
function start(state: State, p: number, process: ProcessState, seq: number): void {
  const settling = state.revocations.filter(
    ({ by, phase }) => by === p && phase !== 'before' && phase !== 'committed',
  );
  process.isStarted = true;
  process.memory = process.memory.map(() => false);
  process.applied = Math.max(process.applied, seq, ...settling.map((each) => each.seq));
  process.remembersFrom = process.applied;
}

/** As far as it is decided by these rules. */
export function createProcesses(rules: Rules, scope: Scope): Processes {
  function isLeased({ leaseAge }: ProcessState, p: number): boolean {
    return leaseAge !== null && rules.isLive(ago(leaseAge, scope.rates[p] ?? 0), now, modelTiming);
  }

  /** What `apply` does in create-revocations.ts; `from` lower than `seq` = changes were missed. */
  function apply(state: State, p: number, from: number, seq: number, own: boolean): void {
    const process = at(state.processes, p);
    const isGap = from < seq;
    const key = state.revocations.findIndex((each) => each.seq === seq);
    process.memory = process.memory.map((held, index) => held && !isGap && index !== key);
    const dangers = process.bookings.flatMap(({ applied, left }, verifier) =>
      rules.isDangerous({ applied, until: left }, seq, 0) ? [{ verifier, left }] : [],
    );
    process.open.push({ seq, from, own, dangers });
    process.applied = seq;
    if (isGap) process.remembersFrom = seq;
  }

  function reach(state: State, p: number, seq: number, own: boolean): void {
    const { applied } = at(state.processes, p);
    const place = rules.placeOf(seq, applied);
    if (place === 'next') apply(state, p, seq, seq, own);
    if (place === 'ahead') apply(state, p, applied + 1, seq, false);
  }

  function isOver(process: ProcessState, { dangers, seq }: OpenChange): boolean {
    return dangers.every(({ verifier, left }) => {
      const { applied } = at(process.bookings, verifier);
      return !rules.isDangerous({ applied, until: left }, seq, 0);
    });
  }

  /** What `renew` does in process-lease.ts after the counter was read. */
  function finishReading(state: State, p: number, canWrite: boolean): void {
    const process = at(state.processes, p);
    const { read } = process;
    process.read = null;
    if (read === null || !process.isRegistered) return;
    if (!read.isRegistered) {
      lose(process);
      return;
    }
    if (!process.isStarted) start(state, p, process, read.seq);
    reach(state, p, read.seq, false);
    const toSay = canWrite ? process.open.filter(({ own }) => !own) : [];
    if (!toSay.every((change) => say(state, p, change, 'seen'))) return;
    const said = at(state.said, p);
    const untold = process.open.filter(({ own, seq }) => !own && said[seq] === null).map(({ seq }) => seq);
    if (!rules.carriesLease(read, process.applied, untold)) return;
    process.leaseAge = Math.min(process.leaseAge ?? read.age, read.age);
  }

  function registering(state: State, p: number, emit: Emit): void {
    const { isRegistered, registering, epoch } = at(state.processes, p);
    if (!isRegistered && registering === null && epoch < scope.registrations) {
      emit(`begin to register p${p}`, (next) => {
        at(next.processes, p).registering = next.seq;
      });
    }
    if (registering === null) return;
    emit(`register p${p}`, (next) => {
      const own = at(next.processes, p);
      own.epoch += 1;
      next.rows[p] = { epoch: own.epoch, registeredSeq: registering };
      next.said[p] = at(next.said, p).map(() => null);
      own.isRegistered = true;
      own.registering = null;
    });
  }

  function reading(state: State, p: number, emit: Emit): void {
    const { isRegistered, read, reads, open } = at(state.processes, p);
    if (isRegistered && read === null && reads < (scope.reads[p] ?? 0)) {
      emit(`begin to read p${p}`, (next) => {
        const own = at(next.processes, p);
        own.read = { seq: next.seq, isRegistered: holdsRow(next, p), age: 0 };
        own.reads += 1;
      });
    }
    if (read === null) return;
    emit(`finish reading p${p}`, (next) => finishReading(next, p, true));
    if (open.every(({ own }) => own)) return;
    emit(`finish reading, without being able to write, p${p}`, (next) => finishReading(next, p, false));
  }

  function hearing(state: State, p: number, emit: Emit): void {
    const process = at(state.processes, p);
    const heard = state.revocations.find(
      ({ seq }) => seq > 0 && rules.placeOf(seq, process.applied) === 'next',
    );
    if (process.isStarted && heard !== undefined) {
      const { seq, by } = heard;
      emit(`hear of change ${seq} p${p}`, (next) => apply(next, p, seq, seq, by === p));
    }
    for (const [index, change] of process.open.entries()) {
      if (change.own || !isOver(process, change)) continue;
      emit(`confirm change ${change.seq} p${p}`, (next) => {
        at(next.processes, p).open.splice(index, 1);
        say(next, p, change, 'confirmed');
      });
    }
  }

  function filling(state: State, p: number, emit: Emit): void {
    const { memory, filling, fills } = at(state.processes, p);
    for (const [key, isHeld] of memory.entries()) {
      if (isHeld || filling !== null || fills >= scope.fills || isRevoked(state, key)) continue;
      emit(`begin to read key ${key} p${p}`, (next) => {
        const own = at(next.processes, p);
        own.filling = { key, asOf: next.seq };
        own.fills += 1;
      });
    }
    if (filling === null) return;
    emit(`finish reading key ${filling.key} p${p}`, (next) => {
      const own = at(next.processes, p);
      const lease = { ...noLease, applied: own.isStarted ? own.applied : null };
      if (rules.mayKeep(lease, filling.asOf)) own.memory[filling.key] = true;
      own.filling = null;
    });
  }

  return {
    act(state, p, emit) {
      for (const each of [registering, reading, hearing, filling]) each(state, p, emit);
    },
    isLeased,
    reach,
    isOver,
  };
}
