import { setTimeout as pause } from 'node:timers/promises';
import { type EngineOutcome, retryDelayMs } from '../../engines/engine.ts';
import { minuteMs, secondMs, toIso } from '../../platform/clock.ts';
import { createGatherer } from '../../storage/index.ts';
import { type Door, type DoorWorkflow, noteExecuted } from '../instances/index.ts';
import { callOf } from './call-of.ts';
import type { ExecutionDeps } from './deps.ts';
import { type ExecutionError, failure, type LastFailure, success } from './ending.ts';
import { claim, type Ending, type ExecutionRow, finish, postpone } from './executions.sql.ts';

/** How long a process that took an execution of a repeatable workflow is believed to be at it. */
const leaseMs = minuteMs;
/** How long a database that took no write is left alone. */
const writeAgainMs = secondMs;

/** Where instances are known from; what is `known` may be out of date, what is `current` was not when it was asked. */
export interface KnownInstances {
  known(instanceId: string): Promise<Door | undefined>;
  current(instanceId: string): Promise<Door | undefined>;
}

type Written =
  | { readonly id: string; readonly ending: Ending }
  | { readonly id: string; readonly dueAt: number | null; readonly lastFailure: string | null };

const gone: ExecutionError = {
  type: 'node_failure',
  message: 'The workflow was removed before it could be called.',
  code: 'WORKFLOW_REMOVED',
};

/** Whether another attempt may succeed and may be made: nothing has happened yet, or the target bears it. */
function mayRepeat(outcome: EngineOutcome, { idempotent }: DoorWorkflow): boolean {
  return outcome.kind === 'failed' && outcome.repeatable && (outcome.unsent || idempotent);
}

/** What an attempt means for the execution: an end, another attempt, or nothing until its callback comes. */
function consequence(
  { clock, random }: ExecutionDeps,
  row: ExecutionRow,
  workflow: DoorWorkflow,
  outcome: EngineOutcome,
): Written | undefined {
  const { id } = row;
  if (outcome.kind === 'answered') {
    // Taken by its target, which will report: it must not be called again for that, even if it bears it.
    if (workflow.mode === 'callback')
      return workflow.idempotent ? { id, dueAt: null, lastFailure: row.last_failure } : undefined;
    const { result, engineExecutionId } = outcome;
    return { id, ending: success(result, { engineExecutionId }) };
  }
  const now = clock.now();
  const dueAt = now + retryDelayMs(row.attempts, random, outcome.retryAfterMs);
  if (mayRepeat(outcome, workflow) && dueAt < Number(row.deadline_at)) {
    const failed: LastFailure = { ...outcome.error, attempt: row.attempts, at: toIso(now) };
    return { id, dueAt, lastFailure: JSON.stringify(failed) };
  }
  return { id, ending: failure(outcome.error) };
}

/** Claims and endings of many executions, each kind gathered into few transactions. */
function gathered({ store, clock }: ExecutionDeps) {
  const take = createGatherer(store, async (trx, ids: readonly string[]) => {
    const now = clock.now();
    const rows = await claim(trx, ids, now, now + leaseMs);
    const instanceIds = [...new Set(rows.map(({ instance_id }) => instance_id))];
    if (instanceIds.length > 0) await noteExecuted(trx, instanceIds, now);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  });
  const write = createGatherer(store, async (trx, all: readonly Written[]) => {
    const now = clock.now();
    for (const each of all) {
      if ('ending' in each) await finish(trx, each.id, each.ending, now);
      else await postpone(trx, each.id, each);
    }
    return all;
  });
  return { take, write };
}

/** Makes one attempt of an execution, if it is still there to be made; resolves when what came of it is on disk. */
export type Attempt = (id: string, instanceId: string) => Promise<void>;

/**
 * An execution is claimed in the database before its target is called, so that of several processes one calls it, and
 * a crash in between never makes a target run twice that has not said it bears that: such an execution waits for its
 * callback or its deadline. `signal` ends what is under way.
 */
export function createAttempt(deps: ExecutionDeps, instances: KnownInstances, signal: AbortSignal): Attempt {
  const { take, write } = gathered(deps);

  async function call(row: ExecutionRow, door: Door, workflow: DoorWorkflow): Promise<Written | undefined> {
    const outcome = await deps.engine.call(callOf(deps, row, door, workflow), signal);
    // Ended by this process's own end: what came of the call is not known, so nothing is said of it.
    if (signal.aborted && outcome.kind === 'failed' && !outcome.unsent) return undefined;
    return consequence(deps, row, workflow, outcome);
  }

  /** What a target has done cannot be learned again: a database that takes no write now is asked until it does. */
  async function writeDown(written: Written): Promise<void> {
    for (;;) {
      try {
        await write(written);
        return;
      } catch (err) {
        if (signal.aborted) throw err;
        deps.log.warn({ err, executionId: written.id }, 'what came of an execution is still to be written');
        await pause(writeAgainMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  return async (id, instanceId) => {
    const known = await instances.known(instanceId);
    const row = await take(id);
    if (row === undefined) return;
    const door = known?.revision === row.revision ? known : await instances.current(instanceId);
    if (door === undefined) return;
    const workflow = door.workflows.get(row.workflow_id);
    const written = workflow === undefined ? { id, ending: failure(gone) } : await call(row, door, workflow);
    if (written !== undefined) await writeDown(written);
  };
}
