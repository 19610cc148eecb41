import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { encodeRateLimit, type Writer } from '../../storage/index.ts';
import type { Audited } from '../audit/index.ts';
import { type Principal, requireLive } from '../keys/index.ts';
import { addProject, requireProject, usualTemplate } from '../projects/index.ts';
import { requireOrganization, requireRoleScope, type Standing } from '../sharing/index.ts';
import type { InstanceDeps } from './deps.ts';
import { mintInstanceKey, newWebhookSecret, webhookSecretPurpose } from './instance-key.ts';
import { type InstanceRow, insertInstance } from './instances.sql.ts';
import { shownInstance } from './shown.ts';
import { readWorkflows, rowsOf } from './workflows.rules.ts';
import { putWorkflows } from './workflows.sql.ts';

type CreateInput = Input<'instances.create'>;

/** The version of an instance that is made in its own right; deploying counts on from there. */
const firstVersion = '1.0';

/** Where the caller stands: in the organization of the project, or in the one that is named or the key's. */
async function standingFor(trx: Writer, principal: Principal, input: CreateInput): Promise<Standing> {
  const { projectId, organizationId: named } = input;
  if (projectId === undefined) return requireOrganization(trx, principal, named);
  const { standing } = await requireProject(trx, principal, projectId);
  if (named !== undefined && named !== standing.organizationId) throw new LatchkeyError('PROJECT_NOT_FOUND');
  return standing;
}

async function projectFor(
  trx: Writer,
  deps: InstanceDeps,
  standing: Standing,
  { projectId, title }: CreateInput,
  now: number,
): Promise<string> {
  const project = { name: title, description: '', templateId: usualTemplate };
  return projectId ?? addProject(trx, deps, standing, project, now);
}

function rowOf(
  { organizationId, userId }: Standing,
  input: CreateInput,
  now: number,
): Omit<InstanceRow, 'id' | 'project_id' | 'webhook_secret_sealed'> {
  return {
    organization_id: organizationId,
    environment: input.environment,
    title: input.title,
    version: firstVersion,
    owner_user_id: userId,
    shared_with: input.sharedWith,
    is_active: 1,
    inactive_reason: null,
    query_keys: Number(input.queryKeys),
    max_concurrency: input.maxConcurrency,
    rate_limit: encodeRateLimit(input.rateLimit),
    revision: 1,
    created_at: now,
    archived_at: null,
    last_executed_at: null,
  };
}

/** Creates an instance with its workflows and its key; with a project of the same name unless one is given. */
export async function createInstance(
  deps: InstanceDeps & Audited,
  principal: Principal,
  input: CreateInput,
): Promise<Output<'instances.create'>> {
  const checked = readWorkflows(deps.targetPolicy, input.workflows);
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    await requireLive(deps, trx, principal, now);
    const standing = await standingFor(trx, principal, input);
    requireRoleScope(standing, 'instances:manage');
    const [id, webhookSecret] = [deps.random.uuid(), newWebhookSecret(deps)];
    const instance = {
      ...rowOf(standing, input, now),
      id,
      project_id: await projectFor(trx, deps, standing, input, now),
      webhook_secret_sealed: deps.secrets.seal(webhookSecret, webhookSecretPurpose(id)),
    };
    await insertInstance(trx, instance);
    const workflows = rowsOf(deps, id, checked);
    await putWorkflows(trx, workflows);
    const key = await mintInstanceKey(trx, deps, instance, now);
    const details = { title: input.title, projectId: instance.project_id, keyId: key.keyId };
    const { organizationId } = standing;
    await deps.audit.record(trx, { organizationId, id, environment: input.environment, details });
    return { ...shownInstance(deps, instance, workflows, key), ...key, webhookSecret };
  });
}
