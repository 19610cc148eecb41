import { noLease } from '@latchkey/protocol';
import {
  ago,
  fast,
  leaseOf,
  modelTiming,
  now,
  type ProcessState,
  type Rules,
  type Scope,
  type State,
  slow,
} from './model-state-for-tests.ts';

/** Something that may happen in a state, by name; the state is a copy that it may change. */
export type Actions = (state: State, emit: (name: string, change: (next: State) => void) => void) => void;

/** After how many ticks a duration is over by a clock: whatever is older is as good as any age. */
function ticksOf(duration: number, rate: number): number {
  return Math.ceil(duration / rate);
}

/** Everything that may happen within a scope, as far as it is decided by these rules. */
export function createActions(rules: Rules, scope: Scope): Actions {
  const rateOf = (process: number) => scope.rates[process] ?? 0;
  const verifierRate = (verifier: number) => scope.rates[scope.processes + verifier] ?? 0;

  const longest = modelTiming.leaseMs * 2 * (fast / slow);

  const isLeased = ({ leaseAge }: ProcessState, p: number) =>
    leaseAge !== null && rules.isLive(ago(leaseAge, rateOf(p)), now, modelTiming);

  const holdsRow = (state: State, p: number) => {
    const process = state.processes[p];
    return process?.isRegistered === true && state.rows[p]?.epoch === process.epoch;
  };

  function lose(process: ProcessState): void {
    process.isRegistered = false;
    process.isStarted = false;
    process.applied = 0;
    for (const booking of process.bookings) booking.applied = -1;
    process.leaseAge = null;
    process.memory = process.memory.map(() => false);
    process.open = process.open.filter(({ own }) => own);
  }

  /** What `apply` does in create-revocations.ts; `from` lower than `seq` = changes were missed. */
  function apply(state: State, p: number, from: number, seq: number, own: boolean): void {
    const process = at(state.processes, p);
    const isGap = from < seq;
    const key = state.revocations.findIndex((each) => each.seq === seq);
    process.memory = process.memory.map((held, index) => held && !isGap && index !== key);
    const dangers = process.bookings.flatMap((booking, verifier) =>
      rules.isDangerous({ applied: booking.applied, until: booking.left }, seq, 0)
        ? [{ verifier, left: booking.left }]
        : [],
    );
    process.open.push({ seq, from, own, dangers });
    process.applied = seq;
    if (isGap) process.remembersFrom = seq;
  }

  /** What happens to a change that is heard of when others may be missing before it. */
  function reach(state: State, p: number, seq: number, own: boolean): void {
    const { applied } = at(state.processes, p);
    const place = rules.placeOf(seq, applied);
    if (place === 'next') apply(state, p, seq, seq, own);
    if (place === 'ahead') apply(state, p, applied + 1, seq, false);
  }

  const isOver = (process: ProcessState, dangers: State['processes'][number]['open'][number]) =>
    dangers.dangers.every(({ verifier, left }) => {
      const { applied } = at(process.bookings, verifier);
      return !rules.isDangerous({ applied, until: left }, dangers.seq, 0);
    });

  function processActions(state: State, p: number, emit: Parameters<Actions>[1]): void {
    const process = at(state.processes, p);
    const on = (name: string, change: (next: State, own: ProcessState) => void) =>
      emit(`${name} p${p}`, (next) => change(next, at(next.processes, p)));
    if (!process.isRegistered && process.registering === null && process.epoch < scope.registrations) {
      on('begin to register', (next, own) => {
        own.registering = next.seq;
      });
    }
    if (process.registering !== null) {
      on('register', (next, own) => {
        own.epoch += 1;
        next.rows[p] = { epoch: own.epoch, registeredSeq: own.registering ?? 0 };
        next.said[p] = at(next.said, p).map(() => null);
        own.isRegistered = true;
        own.registering = null;
      });
    }
    if (process.isRegistered && process.read === null && process.reads < (scope.reads[p] ?? 0)) {
      on('begin to read', (next, own) => {
        own.read = { seq: next.seq, isRegistered: holdsRow(next, p), age: 0 };
        own.reads += 1;
      });
    }
    if (process.read !== null) {
      on('finish reading', (next, own) => finishReading(next, p, own, true));
      if (process.open.some(({ own }) => !own)) {
        on('finish reading, without being able to write,', (next, own) => finishReading(next, p, own, false));
      }
    }
    const heard = state.revocations.find(
      ({ seq }) => seq > 0 && rules.placeOf(seq, process.applied) === 'next',
    );
    if (process.isStarted && heard !== undefined) {
      on(`hear of change ${heard.seq}`, (next) => apply(next, p, heard.seq, heard.seq, heard.by === p));
    }
    for (const [index, change] of process.open.entries()) {
      if (change.own || !isOver(process, change)) continue;
      on(`confirm change ${change.seq}`, (next, own) => {
        own.open.splice(index, 1);
        say(next, p, change, 'confirmed');
      });
    }
    for (const key of process.memory.keys()) {
      if (process.memory[key] || process.filling !== null || process.fills >= scope.fills) continue;
      if (isRevoked(state, key)) continue;
      on(`begin to read key ${key}`, (next, own) => {
        own.filling = { key, asOf: next.seq };
        own.fills += 1;
      });
    }
    const { filling } = process;
    if (filling !== null) {
      on(`finish reading key ${filling.key}`, (_next, own) => {
        const lease = { ...noLease, applied: own.isStarted ? own.applied : null };
        if (rules.mayKeep(lease, filling.asOf)) own.memory[filling.key] = true;
        own.filling = null;
      });
    }
  }

  /** Writes down what a process says, or finds that it was struck off. */
  function say(
    state: State,
    p: number,
    { seq, from }: { readonly seq: number; readonly from: number },
    what: 'seen' | 'confirmed',
  ): boolean {
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

  /** What `renew` does in process-lease.ts after the counter was read. */
  function finishReading(state: State, p: number, process: ProcessState, canWrite: boolean): void {
    const { read } = process;
    process.read = null;
    if (read === null || !process.isRegistered) return;
    if (!read.isRegistered) {
      lose(process);
      return;
    }
    if (!process.isStarted) {
      const settling = state.revocations.filter(
        ({ by, phase }) => by === p && phase !== 'before' && phase !== 'committed',
      );
      process.isStarted = true;
      process.memory = process.memory.map(() => false);
      process.applied = Math.max(process.applied, read.seq, ...settling.map(({ seq }) => seq));
      process.remembersFrom = process.applied;
    }
    reach(state, p, read.seq, false);
    if (canWrite) {
      for (const change of process.open) {
        if (!change.own && !say(state, p, change, 'seen')) return;
      }
    }
    const said = at(state.said, p);
    const untold = process.open.filter(({ own, seq }) => !own && said[seq] === null).map(({ seq }) => seq);
    if (!rules.carriesLease(read, process.applied, untold)) return;
    process.leaseAge = Math.min(process.leaseAge ?? read.age, read.age);
  }

  const isRevoked = ({ revocations }: State, key: number) => at(revocations, key).phase !== 'before';

  function verifierActions(state: State, v: number, emit: Parameters<Actions>[1]): void {
    const verifier = at(state.verifiers, v);
    const rate = verifierRate(v);
    if (verifier.asks < scope.asks && verifier.messages.length < scope.messages) {
      for (const to of state.processes.keys()) {
        emit(`v${v} asks p${to}`, (next) => {
          const own = at(next.verifiers, v);
          own.asks += 1;
          own.messages.push({ kind: 'asked', to, applied: own.applied, age: 0 });
        });
      }
    }
    for (const [index, message] of verifier.messages.entries()) {
      if (message.kind === 'asked') {
        emit(`a request of v${v} arrives at p${message.to}`, (next) => {
          const booking = at(at(next.processes, message.to).bookings, v);
          booking.applied = Math.max(booking.applied, message.applied ?? -1);
          at(next.verifiers, v).messages[index] = { ...message, kind: 'arrived', waited: 0 };
        });
      } else if (message.kind === 'arrived') {
        emit(`p${message.to} answers v${v}`, (next) => {
          const { to, waited, age } = message;
          const process = at(next.processes, to);
          const applied = message.applied ?? -1;
          const answer = { kind: 'answered', applied: message.applied, age } as const;
          // It reads the counter first; where that fails it gives nothing, and else this happens after it has read.
          if (applied > process.applied) {
            const nothing = { cursor: applied, leaseMs: 0, reset: false, keyIds: [] };
            at(next.verifiers, v).messages[index] = { ...answer, ...nothing };
            return;
          }
          const endsAt = isLeased(process, to)
            ? modelTiming.leaseMs - (process.leaseAge ?? 0) * rateOf(to)
            : Number.NEGATIVE_INFINITY;
          const arrivedAt = -waited * rateOf(to);
          const leaseMs = rules.grantMs(endsAt, arrivedAt, modelTiming);
          const booking = at(process.bookings, v);
          if (leaseMs > 0) {
            booking.left = Math.max(booking.left, rules.bookedUntil(arrivedAt, leaseMs, modelTiming));
          }
          const cursor = process.applied;
          const reset = applied < 0 || (applied < cursor && applied < process.remembersFrom);
          const keyIds = next.revocations.flatMap(({ seq }, key) =>
            !reset && seq > applied && seq <= cursor ? [String(key)] : [],
          );
          at(next.verifiers, v).messages[index] = { ...answer, cursor, leaseMs, reset, keyIds };
        });
      } else {
        emit(`v${v} gets an answer`, (next) => {
          const own = at(next.verifiers, v);
          own.messages.splice(index, 1);
          const sentAt = ago(message.age, rate);
          const asked = { applied: message.applied, mark: '', sentAt };
          const { lease, forget } = rules.renewed(leaseOf(own, rate), { ...message, mark: '' }, asked);
          own.memory = own.memory.map(
            (held, key) => held && forget !== 'all' && !forget.includes(String(key)),
          );
          own.applied = lease.applied;
          own.leaseMs = lease.leaseMs;
          own.age = Math.round(-lease.since.elapsedMs / rate);
        });
      }
    }
    for (const key of verifier.memory.keys()) {
      if (verifier.memory[key] || verifier.filling !== null || verifier.fills >= scope.fills) continue;
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
    const { filling } = verifier;
    if (filling !== null) {
      emit(`v${v} is told of key ${filling.key}`, (next) => {
        const own = at(next.verifiers, v);
        if (rules.mayKeep(leaseOf(own, rate), filling.asOf)) own.memory[filling.key] = true;
        own.filling = null;
      });
    }
  }

  /** What `OtherProcesses.over` waits for. */
  function isMissed(
    state: State,
    seq: number,
    { process, epoch }: { process: number; epoch: number },
  ): boolean {
    const row = state.rows[process];
    if (row == null || row.epoch !== epoch) return false;
    const said = state.said[process]?.[seq] ?? undefined;
    return rules.isWaitedFor({ registeredSeq: row.registeredSeq, said }, seq);
  }

  function isDone(state: State, r: number): boolean {
    const { by, seq, missing, age } = at(state.revocations, r);
    const process = at(state.processes, by);
    if (process.isStarted && process.applied < seq) return false;
    const here = process.open.find(({ from, seq: to }) => from <= seq && seq <= to);
    if (here !== undefined && !isOver(process, here)) return false;
    return rules.isOver(age * rateOf(by), modelTiming) || !missing.some((each) => isMissed(state, seq, each));
  }

  function revocationActions(state: State, r: number, emit: Parameters<Actions>[1]): void {
    const { phase, seq, by, missing, age } = at(state.revocations, r);
    if (phase === 'before') {
      for (let p = 0; p < scope.revokers; p += 1) {
        emit(`p${p} revokes key ${r}`, (next) => {
          next.seq += 1;
          Object.assign(at(next.revocations, r), { phase: 'committed', by: p, seq: next.seq });
        });
      }
    }
    if (phase === 'committed') {
      emit(`p${by} looks who knows of change ${seq}`, (next) => {
        if (at(next.processes, by).isStarted) reach(next, by, seq, true);
        const found = next.rows.flatMap((row, process) =>
          process !== by && row !== null && row.registeredSeq < seq ? [{ process, epoch: row.epoch }] : [],
        );
        Object.assign(at(next.revocations, r), { phase: 'settling', missing: found });
      });
    }
    if (phase === 'settling' && isDone(state, r)) {
      emit(`change ${seq} is answered`, (next) => {
        const own = at(next.processes, by);
        own.open = own.open.filter((change) => !(change.own && change.seq === seq));
        at(next.revocations, r).phase = 'answered';
      });
    }
    if (phase !== 'settling' && phase !== 'answered') return;
    for (const { process, epoch } of missing) {
      const row = state.rows[process];
      if (row == null || row.epoch !== epoch) continue;
      // Whoever missed some speaks of the last only.
      const said = state.said[process]?.slice(seq).find((each) => each !== null) ?? undefined;
      if (!rules.mayStrike({ registeredSeq: row.registeredSeq, said }, seq, age * rateOf(by), modelTiming))
        continue;
      emit(`p${by} strikes p${process} off`, (next) => {
        next.rows[process] = null;
      });
    }
  }

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
      if (!isLeased(process, p)) process.leaseAge = null;
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

  return (state, emitRaw) => {
    const emit: typeof emitRaw = (name, change) =>
      emitRaw(name, (next) => {
        change(next);
        retire(next);
      });
    for (const p of state.processes.keys()) processActions(state, p, emit);
    for (const v of state.verifiers.keys()) verifierActions(state, v, emit);
    for (const r of state.revocations.keys()) revocationActions(state, r, emit);
    emit('time passes', tick);
  };
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`the model has no ${index}`);
  return item;
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
