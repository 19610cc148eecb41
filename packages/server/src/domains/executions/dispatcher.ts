import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { secondMs } from '../../platform/clock.ts';
import { createAttempt, type KnownInstances } from './attempt.ts';
import type { ExecutionDeps } from './deps.ts';
import { findDue, type Waiting } from './executions.sql.ts';

/** How long calls under way are waited for at the end. */
const drainMs = 10 * secondMs;
/** How long an instance waits for one more call at once while the door is crowded. */
const crowdedStepMs = 20;
/** Kept in memory per instance; what is beyond is found again in the database. */
const maxQueued = 10_000;
const maxFound = 1_000;
/** An instance with so many queued has enough to do: looking for more would find no others. */
const enoughQueued = 100;

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

/**
 * Executions wait by instance, each in a lane of its own. While the door is crowded a lane gets on slowly, since callers
 * wait for their answer, and nobody waits for a call. It does get on: a call may take long, and so may a crowd.
 */
export function createDispatcher(
  deps: ExecutionDeps,
  instances: KnownInstances,
  isCrowded: () => boolean = () => false,
): Dispatcher {
  const lanes = new Map<string, Lane>();
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  const attempt = createAttempt(deps, instances, stopping.signal);
  let isClosing = false;

  function laneOf(instanceId: string): Lane {
    const known = lanes.get(instanceId);
    if (known !== undefined) return known;
    const lane = { queue: new Set<string>(), running: 0, isPumpedLater: false };
    lanes.set(instanceId, lane);
    return lane;
  }

  function start(id: string, instanceId: string, lane: Lane): void {
    lane.running += 1;
    const done = attempt(id, instanceId)
      .catch((err) => deps.log.error({ err, executionId: id }, 'an execution could not be handed on'))
      .finally(() => {
        underWay.delete(id);
        lane.running -= 1;
        void pump(instanceId, lane);
      });
    underWay.set(id, done);
  }

  /** Starts as many of an instance as may be under way at once; in a crowd the first, and one more where it may. */
  async function pump(instanceId: string, lane: Lane, mayStartInCrowd = false): Promise<void> {
    if (lane.queue.size === 0) {
      // A timer may come for a lane that has been given up, and has a successor.
      if (lane.running === 0 && lanes.get(instanceId) === lane) lanes.delete(instanceId);
      return;
    }
    const allowed = (await instances.known(instanceId).catch(() => undefined))?.maxConcurrency ?? 1;
    let isFree = mayStartInCrowd;
    for (const id of lane.queue) {
      if (lane.running >= allowed || isClosing) return;
      if (lane.running > 0 && !isFree && isCrowded()) return pumpLater(instanceId, lane);
      isFree = false;
      lane.queue.delete(id);
      start(id, instanceId, lane);
    }
  }

  /** Whether the crowd is gone then or not, one more is started: otherwise a crowd elsewhere would hold up everybody. */
  function pumpLater(instanceId: string, lane: Lane): void {
    if (lane.isPumpedLater) return;
    lane.isPumpedLater = true;
    setTimeout(() => {
      lane.isPumpedLater = false;
      void pump(instanceId, lane, true);
    }, crowdedStepMs).unref();
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
      const crowded = [...lanes].filter(([, { queue }]) => queue.size >= enoughQueued).map(([id]) => id);
      const due = await findDue(deps.store.db, deps.clock.now(), maxFound, crowded);
      for (const waiting of due) notice(waiting);
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
