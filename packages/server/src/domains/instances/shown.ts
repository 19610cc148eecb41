import type { Output } from '@latchkey/protocol';
import { isoOrNull, toIso } from '../../platform/clock.ts';
import { decodeRateLimit } from '../../storage/index.ts';
import type { InstanceDeps } from './deps.ts';
import type { InstanceRow } from './instances.sql.ts';
import type { WorkflowRow } from './workflows.sql.ts';

type Shown = Output<'instances.get'>;
type DeployedWorkflow = NonNullable<Shown['deployment']>['workflows'][number];

/** An instance as lists show it. Its process has the id of its project (contract/codika.md H.1, 1). */
export function listedInstance(
  row: InstanceRow,
): Omit<Output<'instances.list'>['instances'][number], 'workflows'> {
  return {
    processInstanceId: row.id,
    processId: row.project_id,
    title: row.title,
    environment: row.environment,
    isActive: row.is_active === 1,
    archived: row.archived_at !== null,
    currentVersion: row.version,
    installedAt: toIso(row.created_at),
    lastExecutedAt: isoOrNull(row.last_executed_at),
    ...(row.inactive_reason !== null && { inactiveReason: row.inactive_reason }),
  };
}

function schemaOf({ input_schema }: WorkflowRow): Record<string, unknown> | null {
  return input_schema === null ? null : JSON.parse(input_schema);
}

/** Exactly 3 keys, or exactly 7 with details: published clients count them (contract/codika.md D.19). */
function deployedWorkflow(row: WorkflowRow, withDetails: boolean): DeployedWorkflow {
  const brief = { workflowId: row.workflow_id, n8nWorkflowId: null, workflowName: row.name };
  if (!withDetails) return brief;
  const inputSchema = schemaOf(row);
  const trigger = { type: 'http', method: 'POST', ...(inputSchema !== null && { inputSchema }) };
  return { ...brief, n8nWorkflowIsActive: null, triggers: [trigger], cost: null, integrationUids: [] };
}

function deploymentOf(
  { id }: InstanceRow,
  workflows: readonly WorkflowRow[],
  withDetails: boolean,
): Shown['deployment'] {
  return {
    deploymentInstanceId: id,
    deploymentStatus: 'deployed',
    deploymentParameters: {},
    deploymentInputSchema: [],
    workflows: workflows.map((each) => deployedWorkflow(each, withDetails)),
  };
}

function shownWorkflow(publicUrl: string, row: WorkflowRow): Shown['workflows'][number] {
  return {
    workflowId: row.workflow_id,
    name: row.name,
    triggerUrl: `${publicUrl}/webhook/${row.instance_id}/${row.workflow_id}`,
    targetUrl: row.target_url,
    mode: row.mode,
    timeoutSeconds: row.timeout_seconds,
    idempotent: row.idempotent === 1,
    inputSchema: schemaOf(row),
  };
}

/** An instance, whole; `keyPrefix` is empty for one that has no key any more. */
export function shownInstance(
  { publicUrl }: Pick<InstanceDeps, 'publicUrl'>,
  row: InstanceRow,
  workflows: readonly WorkflowRow[],
  { keyPrefix = '', withDetails = false }: { keyPrefix?: string | undefined; withDetails?: boolean },
): Shown {
  return {
    ...listedInstance(row),
    organizationId: row.organization_id,
    deployment: deploymentOf(row, workflows, withDetails),
    sharedWith: row.shared_with,
    queryKeys: row.query_keys === 1,
    maxConcurrency: row.max_concurrency,
    rateLimit: decodeRateLimit(row.rate_limit),
    revision: row.revision,
    keyPrefix,
    workflows: workflows.map((each) => shownWorkflow(publicUrl(), each)),
  };
}
