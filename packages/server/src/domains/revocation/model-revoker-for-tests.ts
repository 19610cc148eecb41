import type { Processes } from './model-process-for-tests.ts';
import {
  at,
  type Emit,
  modelTiming,
  type RevocationState,
  type Rules,
  type Scope,
  type State,
} from './model-state-for-tests.ts';

/** A process that was there when a revocation looked. */
type Missed = RevocationState['missing'][number];

/** Its row, unless it was struck off or has registered anew. */
function rowOf(state: State, { process, epoch }: Missed) {
  const row = state.rows[process];
  return row?.epoch === epoch ? row : undefined;
}

/** Tests only: what becomes of revocations. */
export interface Revokers {
  /** Everything that may happen next to one. */
  act(state: State, r: number, emit: Emit): void;
  /** What its process does next about one that is committed. */
  settle(state: State, r: number, emit: Emit): void;
}

/** As far as it is decided by these rules. */
export function createRevokers(
  rules: Rules,
  scope: Scope,
  { reach, isOver }: Pick<Processes, 'reach' | 'isOver'>,
): Revokers {
  const rateOf = (process: number) => scope.rates[process] ?? 0;

  /** What `OtherProcesses.over` waits for. */
  function isMissed(state: State, seq: number, missed: Missed): boolean {
    const row = rowOf(state, missed);
    const said = state.said[missed.process]?.[seq] ?? undefined;
    return row !== undefined && rules.isWaitedFor({ registeredSeq: row.registeredSeq, said }, seq);
  }

  function isDone(state: State, r: number): boolean {
    const { by, seq, missing, age } = at(state.revocations, r);
    const process = at(state.processes, by);
    if (process.isStarted && process.applied < seq) return false;
    const here = process.open.find(({ from, seq: to }) => from <= seq && seq <= to);
    if (here !== undefined && !isOver(process, here)) return false;
    return rules.isOver(age * rateOf(by), modelTiming) || !missing.some((each) => isMissed(state, seq, each));
  }

  function committing(state: State, r: number, emit: Emit): void {
    if (at(state.revocations, r).phase !== 'before') return;
    for (let p = 0; p < scope.revokers; p += 1) {
      emit(`p${p} revokes key ${r}`, (next) => {
        next.seq += 1;
        Object.assign(at(next.revocations, r), { phase: 'committed', by: p, seq: next.seq });
      });
    }
  }

  function settle(state: State, r: number, emit: Emit): void {
    const { phase, seq, by } = at(state.revocations, r);
    if (phase === 'committed') {
      emit(`p${by} looks who knows of change ${seq}`, (next) => {
        if (at(next.processes, by).isStarted) reach(next, by, seq, true);
        const missing = next.rows.flatMap((row, process) =>
          process !== by && row !== null && row.registeredSeq < seq ? [{ process, epoch: row.epoch }] : [],
        );
        Object.assign(at(next.revocations, r), { phase: 'settling', missing });
      });
    }
    if (phase !== 'settling' || !isDone(state, r)) return;
    emit(`change ${seq} is answered`, (next) => {
      const own = at(next.processes, by);
      own.open = own.open.filter((change) => !(change.own && change.seq === seq));
      at(next.revocations, r).phase = 'answered';
    });
  }

  function striking(state: State, r: number, emit: Emit): void {
    const { phase, seq, by, missing, age } = at(state.revocations, r);
    if (phase !== 'settling' && phase !== 'answered') return;
    for (const missed of missing) {
      const { process } = missed;
      const row = rowOf(state, missed);
      if (row === undefined) continue;
      // Whoever missed some speaks of the last only.
      const said = state.said[process]?.slice(seq).find((each) => each !== null) ?? undefined;
      const other = { registeredSeq: row.registeredSeq, said };
      if (!rules.mayStrike(other, seq, age * rateOf(by), modelTiming)) continue;
      emit(`p${by} strikes p${process} off`, (next) => {
        next.rows[process] = null;
      });
    }
  }

  return {
    act(state, r, emit) {
      for (const each of [committing, settle, striking]) each(state, r, emit);
    },
    settle,
  };
}
