import { type SqlBool, sql } from 'kysely';
import type { Reader } from '../../storage/index.ts';
import { isSeenBy } from '../instances/index.ts';

/** Which executions are counted. */
export interface StatisticsFilter {
  readonly organizationId: string;
  /** Whose instances, beside those that everybody sees; null for nobody's, undefined for everybody's. */
  readonly ownerId: string | null | undefined;
  readonly since: number;
  /** Only so many, the newest: whatever the organization does, the database has done soon. */
  readonly limit: number;
}

/** A quotation mark inside of a message is written with a backslash, so that no message can look like this. */
const isTimeout = sql<SqlBool>`executions.error like '%"type":"timeout"%'`;

function withRecent(db: Reader, { organizationId, ownerId, since, limit }: StatisticsFilter) {
  const recent = db
    .selectFrom('executions')
    .innerJoin('process_instances', 'process_instances.id', 'executions.instance_id')
    .select(['executions.id', 'executions.instance_id', 'executions.created_at'])
    .select(['executions.status', 'executions.duration_ms'])
    .select(['process_instances.title', 'process_instances.environment'])
    .select((eb) => eb.case().when(isTimeout).then(1).else(0).end().as('timed_out'))
    .where('executions.organization_id', '=', organizationId)
    .where('executions.created_at', '>=', since)
    .$if(ownerId !== undefined, (query) => query.where(isSeenBy(ownerId ?? null)))
    .orderBy('executions.created_at', 'desc')
    .orderBy('executions.id', 'desc')
    .limit(limit);
  return db.with('recent', () => recent);
}

/** How many executions of each instance there are of each status, and of those that failed how many timed out. */
export async function countOutcomes(db: Reader, filter: StatisticsFilter) {
  return withRecent(db, filter)
    .selectFrom('recent')
    .select(['instance_id', 'title', 'environment', 'status', 'timed_out'])
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .groupBy(['instance_id', 'title', 'environment', 'status', 'timed_out'])
    .execute();
}

export type OutcomeRow = Awaited<ReturnType<typeof countOutcomes>>[number];

/** The smallest duration that so many percent of an instance's successes do not exceed (nearest rank). */
function percentile(percent: number) {
  return sql<number>`min(case when place * 100 >= total * ${sql.lit(percent)} then duration_ms end)`;
}

/** Median and 95th percentile of the durations of each instance's successes, in milliseconds. */
export async function findDurations(db: Reader, filter: StatisticsFilter) {
  return withRecent(db, filter)
    .with('ranked', (ctes) =>
      ctes
        .selectFrom('recent')
        .where('status', '=', 'success')
        .where('duration_ms', 'is not', null)
        .select(['instance_id', 'duration_ms'])
        .select((eb) => [
          eb.fn
            .agg<number>('row_number')
            .over((over) => over.partitionBy('instance_id').orderBy('duration_ms'))
            .as('place'),
          eb.fn
            .countAll<number>()
            .over((over) => over.partitionBy('instance_id'))
            .as('total'),
        ]),
    )
    .selectFrom('ranked')
    .select(['instance_id', percentile(50).as('median'), percentile(95).as('p95')])
    .groupBy('instance_id')
    .execute();
}

/** The newest failure of each instance, as it is kept. */
export async function findLastFailures(db: Reader, filter: StatisticsFilter) {
  return withRecent(db, filter)
    .with('failures', (ctes) =>
      ctes
        .selectFrom('recent')
        .where('status', '=', 'failed')
        .select('id')
        .select((eb) =>
          eb.fn
            .agg<number>('row_number')
            .over((over) =>
              over.partitionBy('instance_id').orderBy('created_at', 'desc').orderBy('id', 'desc'),
            )
            .as('nth'),
        ),
    )
    .selectFrom('failures')
    .innerJoin('executions', 'executions.id', 'failures.id')
    .select(['executions.instance_id', 'executions.error', 'executions.finished_at'])
    .where('nth', '=', 1)
    .execute();
}
