import { sql } from 'kysely';
import type { EngineCapabilities, Writer } from '../store.ts';

/** Projects, process instances with their workflows and keys, signing secrets, executions. */
export async function up(trx: Writer, capabilities: EngineCapabilities): Promise<void> {
  await createProjects(trx);
  await createInstances(trx);
  await extendApiKeys(trx);
  await createSigning(trx);
  await createExecutions(trx, capabilities);
}

async function createProjects({ schema }: Writer): Promise<void> {
  await schema
    .createTable('projects')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('template_id', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.references('users.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('archived_at', 'bigint')
    .execute();
  await schema
    .createIndex('projects_of_organization')
    .on('projects')
    .columns(['organization_id', 'created_at', 'id'])
    .execute();
}

async function createInstances({ schema }: Writer): Promise<void> {
  await schema
    .createTable('process_instances')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('project_id', 'text', (column) => column.notNull().references('projects.id'))
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('owner_user_id', 'text', (column) => column.references('users.id'))
    .addColumn('shared_with', 'text', (column) => column.notNull())
    .addColumn('is_active', 'integer', (column) => column.notNull())
    .addColumn('inactive_reason', 'text')
    .addColumn('query_keys', 'integer', (column) => column.notNull())
    .addColumn('max_concurrency', 'integer', (column) => column.notNull())
    .addColumn('rate_limit', 'text')
    .addColumn('webhook_secret_sealed', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('archived_at', 'bigint')
    .addColumn('last_executed_at', 'bigint')
    .execute();
  await schema
    .createIndex('process_instances_of_organization')
    .on('process_instances')
    .columns(['organization_id', 'created_at', 'id'])
    .execute();
  await schema
    .createIndex('process_instances_of_project')
    .on('process_instances')
    .column('project_id')
    .execute();
  await schema
    .createTable('workflows')
    .addColumn('instance_id', 'text', (column) => column.notNull().references('process_instances.id'))
    .addColumn('workflow_id', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('trigger_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('target_url', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('timeout_seconds', 'integer', (column) => column.notNull())
    .addColumn('idempotent', 'integer', (column) => column.notNull())
    .addColumn('input_schema', 'text')
    .addPrimaryKeyConstraint('workflows_key', ['instance_id', 'workflow_id'])
    .execute();
}

async function extendApiKeys({ schema }: Writer): Promise<void> {
  await schema
    .alterTable('api_keys')
    .addColumn('instance_id', 'text', (column) => column.references('process_instances.id'))
    .execute();
  for (const name of ['secret_sealed', 'rate_limit'])
    await schema.alterTable('api_keys').addColumn(name, 'text').execute();
  await schema.createIndex('api_keys_of_instance').on('api_keys').column('instance_id').execute();
}

async function createSigning({ schema }: Writer): Promise<void> {
  await schema
    .createTable('signing_secrets')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('instance_id', 'text', (column) => column.notNull().references('process_instances.id'))
    .addColumn('workflow_id', 'text', (column) => column.notNull())
    .addColumn('scheme', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('secret_sealed', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.references('users.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('retired_at', 'bigint')
    .execute();
  await schema
    .createIndex('signing_secrets_of_workflow')
    .on('signing_secrets')
    .columns(['instance_id', 'workflow_id'])
    .execute();
  await schema
    .createTable('webhook_messages')
    .addColumn('instance_id', 'text', (column) => column.notNull().references('process_instances.id'))
    .addColumn('workflow_id', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('execution_id', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('webhook_messages_key', ['instance_id', 'workflow_id', 'message'])
    .execute();
  await schema.createIndex('webhook_messages_by_end').on('webhook_messages').column('ends_at').execute();
}

async function createExecutions({ schema }: Writer, { bytesType }: EngineCapabilities): Promise<void> {
  await schema
    .createTable('executions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('instance_id', 'text', (column) => column.notNull().references('process_instances.id'))
    .addColumn('workflow_id', 'text', (column) => column.notNull())
    .addColumn('trigger_id', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('deadline_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('due_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('duration_ms', 'bigint')
    .addColumn('result', 'text')
    .addColumn('error', 'text')
    .addColumn('engine_execution_id', 'text')
    .execute();
  await schema
    .createIndex('executions_of_instance')
    .on('executions')
    .columns(['instance_id', 'created_at', 'id'])
    .execute();
  await schema
    .createIndex('executions_pending')
    .on('executions')
    .column('deadline_at')
    .where(sql.ref('status'), '=', sql.lit('pending'))
    .execute();
  await schema
    .createTable('execution_documents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('execution_id', 'text', (column) => column.notNull().references('executions.id'))
    .addColumn('field_key', 'text')
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('mime_type', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('bytes', bytesType === 'blob' ? 'blob' : 'bytea', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('execution_documents_of_execution')
    .on('execution_documents')
    .column('execution_id')
    .execute();
}
