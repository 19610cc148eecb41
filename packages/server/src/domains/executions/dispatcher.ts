import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type EngineOutcome, retryDelayMs } from '../../engines/engine.ts';
import { minuteMs, secondMs } from '../../platform/clock.ts';
import { createGatherer } from '../../storage/index.ts';
import { type Door, type DoorWorkflow, noteExecuted } from '../instances/index.ts';
import { callOf } from './call-of.ts';
import type { ExecutionDeps } from './deps.ts';
import { type ExecutionError, failure, success } from './ending.ts';
import {
  claim,
  type Ending,
  type ExecutionRow,
  findDue,
  finish,
  postpone,
  type Waiting,
} from './executions.sql.ts';

/** How long a process that took an execution of a repeatable workflow is believed to be at it. */
const leaseMs = minuteMs;
/** How long calls under way are waited for at the end. */
const drainMs = 10 * secondMs;
/** How often it is looked whether the door is still crowded. */
const crowdLookMs = 20;
/** Kept in memory per instance; what is beyond is found again in the database. */
const maxQueued = 10_000;
const maxFound = 1_000;

/** Hands accepted executions to the engine, a limited number per instance at once. */
export interface Dispatcher {
  /** Says that executions of an instance are on disk and due. Never throws. */
  notice(waiting: Waiting): void;
  /** Looks for what is due in the database: after a start, after a crash elsewhere, and what is to be tried again. */
  lookAround(): Promise<void>;
  /** Resolves when nothing is queued and nothing under way; for tests. */
  settled(): Promise<void>;
  /** Takes nothing more, waits a while for what is under way, ends the rest and writes down what came of it. */
  close(): Promise<void>;
}

/** What the dispatcher has to do with one instance. */
interface Lane {
  readonly queue: Set<string>;
  running: number;
  /** Whether it is looked at again although nothing of it ends. */
  isPumpedLater: boolean;
}

type Written =
  | { readonly id: string; readonly ending: Ending }
  | { readonly id: string; readonly dueAt: number | null };

/** Where instances are known from; what is `known` may be out of date, what is `current` was not when it was asked. */
export interface KnownInstances {
  known(instanceId: string): Promise<Door | undefined>;
  current(instanceId: string): Promise<Door | undefined>;
}

/** Whether another attempt may succeed and may be made: nothing has happened yet, or the target bears it. */
function mayRepeat(outcome: EngineOutcome, { idempotent }: DoorWorkflow): boolean {
  return outcome.kind === 'failed' && outcome.repeatable && (outcome.unsent || idempotent);
}

const gone: ExecutionError = {
  type: 'node_failure',
  message: 'The workflow was removed before it could be called.',
  code: 'WORKFLOW_REMOVED',
};

/**
 * An execution is claimed in the database before its target is called, so that of several processes one calls it, and
 * a crash in between never makes a target run twice that has not said it bears that: such an execution waits for its
 * callback or its deadline. While the door is crowded one call at a time is made for each instance: callers wait for
 * their answer, and nobody waits for a call.
 */
export function createDispatcher(
  deps: ExecutionDeps,
  instances: KnownInstances,
  isCrowded: () => boolean = () => false,
): Dispatcher {
  const lanes = new Map<string, Lane>();
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let isClosing = false;

  const take = createGatherer(deps.store, async (trx, ids: readonly string[]) => {
    const now = deps.clock.now();
    const rows = await claim(trx, ids, now, now + leaseMs);
    const instanceIds = [...new Set(rows.map(({ instance_id }) => instance_id))];
    if (instanceIds.length > 0) await noteExecuted(trx, instanceIds, now);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  });

  const write = createGatherer(deps.store, async (trx, all: readonly Written[]) => {
    const now = deps.clock.now();
    for (const each of all) {
      if ('ending' in each) await finish(trx, each.id, each.ending, now);
      else await postpone(trx, each.id, each.dueAt);
    }
    return all;
  });

  function laneOf(instanceId: string): Lane {
    const known = lanes.get(instanceId);
    if (known !== undefined) return known;
    const lane = { queue: new Set<string>(), running: 0, isPumpedLater: false };
    lanes.set(instanceId, lane);
    return lane;
  }

  /** What an attempt means for the execution: an end, another attempt, or nothing until its callback comes. */
  function consequence(
    row: ExecutionRow,
    workflow: DoorWorkflow,
    outcome: EngineOutcome,
  ): Written | undefined {
    const { id } = row;
    if (outcome.kind === 'answered') {
      // Taken by its target, which will report: it must not be called again for that, even if it bears it.
      if (workflow.mode === 'callback') return workflow.idempotent ? { id, dueAt: null } : undefined;
      const { result, engineExecutionId } = outcome;
      return { id, ending: success(result, { engineExecutionId }) };
    }
    const dueAt = deps.clock.now() + retryDelayMs(row.attempts, deps.random, outcome.retryAfterMs);
    if (mayRepeat(outcome, workflow) && dueAt < Number(row.deadline_at)) return { id, dueAt };
    return { id, ending: failure(outcome.error) };
  }

  async function attempt(row: ExecutionRow, door: Door): Promise<void> {
    const workflow = door.workflows.get(row.workflow_id);
    if (workflow === undefined) {
      await write({ id: row.id, ending: failure(gone) });
      return;
    }
    const outcome = await deps.engine.call(callOf(deps, row, door, workflow), stopping.signal);
    // Ended by this process's own end: what came of the call is not known, so nothing is said of it.
    if (stopping.signal.aborted && outcome.kind === 'failed' && !outcome.unsent) return;
    const written = consequence(row, workflow, outcome);
    if (written !== undefined) await write(written);
  }

  async function work(id: string, instanceId: string): Promise<void> {
    const known = await instances.known(instanceId);
    const row = await take(id);
    if (row === undefined) return;
    const door = known?.revision === row.revision ? known : await instances.current(instanceId);
    if (door !== undefined) await attempt(row, door);
  }

  function start(id: string, instanceId: string, lane: Lane): void {
    lane.running += 1;
    const done = work(id, instanceId)
      .catch((err) => deps.log.error({ err, executionId: id }, 'an execution could not be handed on'))
      .finally(() => {
        underWay.delete(id);
        lane.running -= 1;
        void pump(instanceId, lane);
      });
    underWay.set(id, done);
  }

  /** Starts as many of an instance as may be under way at once. */
  async function pump(instanceId: string, lane: Lane): Promise<void> {
    if (lane.queue.size === 0) {
      if (lane.running === 0) lanes.delete(instanceId);
      return;
    }
    const allowed = (await instances.known(instanceId).catch(() => undefined))?.maxConcurrency ?? 1;
    for (const id of lane.queue) {
      if (lane.running >= allowed || isClosing) return;
      if (lane.running > 0 && isCrowded()) return pumpLater(instanceId, lane);
      lane.queue.delete(id);
      start(id, instanceId, lane);
    }
  }

  /** A call under way may take long: that the crowd is gone has to be looked for. */
  function pumpLater(instanceId: string, lane: Lane): void {
    if (lane.isPumpedLater) return;
    lane.isPumpedLater = true;
    setTimeout(() => {
      lane.isPumpedLater = false;
      void pump(instanceId, lane);
    }, crowdLookMs).unref();
  }

  function notice({ id, instance_id: instanceId }: Waiting): void {
    const lane = laneOf(instanceId);
    if (underWay.has(id) || lane.queue.size >= maxQueued || isClosing) return;
    lane.queue.add(id);
    if (lane.queue.size === 1) queueMicrotask(() => void pump(instanceId, lane));
  }

  async function settled(): Promise<void> {
    while (lanes.size > 0) {
      await Promise.all(underWay.values());
      await nextTurn();
    }
  }

  return {
    notice,
    settled,
    async lookAround() {
      for (const waiting of await findDue(deps.store.db, deps.clock.now(), maxFound)) notice(waiting);
    },
    async close() {
      isClosing = true;
      const done = Promise.all(underWay.values());
      const drained = new AbortController();
      await Promise.race([done, pause(drainMs, undefined, { signal: drained.signal }).catch(() => {})]);
      drained.abort();
      stopping.abort();
      await done;
    },
  };
}
