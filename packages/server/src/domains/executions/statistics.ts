import type { Input, Output } from '@latchkey/protocol';
import { hourMs, toIso } from '../../platform/clock.ts';
import { type KeyDeps, type Principal, requireLive } from '../keys/index.ts';
import { onlyOwner, requireOrganization } from '../sharing/index.ts';
import type { ExecutionError } from './ending.ts';
import { countOutcomes, findDurations, findLastFailures, type OutcomeRow } from './statistics.sql.ts';

/** Over how many executions of an organization the figures go at most. */
export const maxCounted = 10_000;
const maxMessageLength = 500;

type Shown = Output<'instances.statistics'>;
type OfInstance = Shown['instances'][number];
type Failure = Awaited<ReturnType<typeof findLastFailures>>[number];
type Durations = Awaited<ReturnType<typeof findDurations>>[number];

function sumOf(rows: readonly OutcomeRow[], fits: (row: OutcomeRow) => boolean = () => true): number {
  return rows.filter(fits).reduce((sum, { count }) => sum + Number(count), 0);
}

function shownFailure(failure: Failure | undefined): OfInstance['lastFailure'] {
  if (failure?.error == null || failure.finished_at === null) return null;
  const { type: errorType, message } = JSON.parse(failure.error) as ExecutionError;
  const shown = message.slice(0, maxMessageLength).toWellFormed();
  return { at: toIso(Number(failure.finished_at)), errorType, message: shown };
}

function countsOf(rows: readonly OutcomeRow[]) {
  const succeeded = sumOf(rows, ({ status }) => status === 'success');
  const pending = sumOf(rows, ({ status }) => status === 'pending');
  const timedOut = sumOf(rows, ({ status, timed_out }) => status === 'failed' && Number(timed_out) === 1);
  const ended = sumOf(rows) - pending;
  const failed = ended - succeeded - timedOut;
  return { succeeded, failed, timedOut, pending, successRate: ended === 0 ? null : succeeded / ended };
}

function msOrNull(ms: number | null | undefined): number | null {
  return ms == null ? null : Number(ms);
}

function shownInstance(
  rows: readonly OutcomeRow[],
  durations: readonly Durations[],
  failures: readonly Failure[],
): OfInstance[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { instance_id: processInstanceId, title, environment } = first;
  const took = durations.find((each) => each.instance_id === processInstanceId);
  const failure = failures.find((each) => each.instance_id === processInstanceId);
  const durationsMs = { medianMs: msOrNull(took?.median), p95Ms: msOrNull(took?.p95) };
  const lastFailure = shownFailure(failure);
  return [{ processInstanceId, title, environment, ...countsOf(rows), ...durationsMs, lastFailure }];
}

/**
 * What came of the executions of each instance that the caller may see: of the newest 10,000 of the organization that
 * began within these hours.
 */
export async function instanceStatistics(
  deps: KeyDeps,
  principal: Principal,
  { organizationId: named, hours }: Input<'instances.statistics'>,
): Promise<Shown> {
  const { db } = deps.store;
  const now = deps.clock.now();
  await requireLive(deps, db, principal, now);
  const standing = await requireOrganization(db, principal, named);
  const { organizationId } = standing;
  const since = now - hours * hourMs;
  const filter = { organizationId, ownerId: onlyOwner(standing), since, limit: maxCounted };
  const outcomes = await countOutcomes(db, filter);
  const [durations, failures] = await Promise.all([findDurations(db, filter), findLastFailures(db, filter)]);
  const byInstance = Object.values(Object.groupBy(outcomes, (row) => row.instance_id));
  const instances = byInstance.flatMap((rows = []) => shownInstance(rows, durations, failures));
  const executions = sumOf(outcomes);
  const isWhole = executions < maxCounted;
  return { organizationId, from: toIso(since), executions, isWhole, count: instances.length, instances };
}
