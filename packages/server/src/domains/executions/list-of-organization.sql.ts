import type { Environment } from '@latchkey/keys';
import type { CallerMethod, ExecutionStatus } from '@latchkey/protocol';
import { sql } from 'kysely';
import type { Reader } from '../../storage/index.ts';
import { isSeenBy } from '../instances/index.ts';
import { isOlderThan, summaryColumns } from './executions.sql.ts';

export interface OrganizationFilter {
  readonly organizationId: string;
  /** Whose instances, beside those that everybody sees; null for nobody's, undefined for everybody's. */
  readonly ownerId: string | null | undefined;
  readonly instanceId: string | undefined;
  readonly workflowId: string | undefined;
  readonly status: ExecutionStatus | undefined;
  readonly environment: Environment | undefined;
  readonly method: CallerMethod | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
  /** The id of the last one before the page. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** Newest first, each with its instance; neither payloads nor results are read. */
export async function listRowsOfOrganization(db: Reader, filter: OrganizationFilter) {
  const { ownerId, instanceId, workflowId, status, environment, method, since, until, before } = filter;
  return (
    db
      .selectFrom('executions')
      .innerJoin('process_instances', 'process_instances.id', 'executions.instance_id')
      .select(summaryColumns.map((column) => `executions.${column}` as const))
      .select(['executions.instance_id', 'executions.caller'])
      .select(['process_instances.title', 'process_instances.environment'])
      .where('executions.organization_id', '=', filter.organizationId)
      .$if(ownerId !== undefined, (query) => query.where(isSeenBy(ownerId ?? null)))
      .$if(instanceId !== undefined, (query) => query.where('executions.instance_id', '=', instanceId ?? ''))
      .$if(workflowId !== undefined, (query) => query.where('executions.workflow_id', '=', workflowId ?? ''))
      // Written into the statement, so that the index of those that failed is known to fit.
      .$if(status !== undefined, (query) =>
        query.where('executions.status', '=', sql.lit(status ?? 'pending')),
      )
      .$if(environment !== undefined, (query) =>
        query.where('process_instances.environment', '=', environment ?? 'dev'),
      )
      // The first member of what `encodeCaller` writes.
      .$if(method !== undefined, (query) =>
        query.where('executions.caller', 'like', `{"method":"${method}",%`),
      )
      .$if(since !== undefined, (query) => query.where('executions.created_at', '>=', since ?? 0))
      .$if(until !== undefined, (query) => query.where('executions.created_at', '<', until ?? 0))
      .$if(before !== undefined, (query) => query.where(isOlderThan(before ?? '')))
      .orderBy('executions.created_at', 'desc')
      .orderBy('executions.id', 'desc')
      .limit(filter.limit)
      .execute()
  );
}

export type OrganizationRow = Awaited<ReturnType<typeof listRowsOfOrganization>>[number];
