import { sql } from 'kysely';
import type { Writer } from '../store.ts';

/**
 * What the dashboard asks of executions: those of an organization, those that failed, which one another repeats; and
 * what became of the last signed messages.
 */
export async function up(trx: Writer): Promise<void> {
  await extendExecutions(trx);
  await createDeliveries(trx);
}

async function extendExecutions(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema
    .alterTable('executions')
    .addColumn('organization_id', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await schema.alterTable('executions').addColumn('rerun_of', 'text').execute();
  await sql`update executions set organization_id = (select process_instances.organization_id
    from process_instances where process_instances.id = executions.instance_id)`.execute(trx);
  const newest = ['organization_id', 'created_at', 'id'] as const;
  await schema
    .createIndex('executions_of_organization')
    .on('executions')
    .columns([...newest])
    .execute();
  await schema
    .createIndex('executions_failed')
    .on('executions')
    .columns([...newest])
    .where(sql.ref('status'), '=', sql.lit('failed'))
    .execute();
}

async function createDeliveries({ schema }: Writer): Promise<void> {
  await schema
    .createTable('webhook_deliveries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('instance_id', 'text', (column) => column.notNull().references('process_instances.id'))
    .addColumn('workflow_id', 'text', (column) => column.notNull())
    .addColumn('is_accepted', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('scheme', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('cause', 'text')
    .addColumn('explanation', 'text')
    .addColumn('next_action', 'text')
    .addColumn('signing_secret_id', 'text')
    .addColumn('message_id', 'text')
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('execution_id', 'text')
    .execute();
  await schema
    .createIndex('webhook_deliveries_of_workflow')
    .on('webhook_deliveries')
    .columns(['instance_id', 'workflow_id', 'is_accepted', 'at', 'id'])
    .execute();
}
