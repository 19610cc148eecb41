import { sql } from 'kysely';
import type { Writer } from '../store.ts';

/** What the dashboard asks of executions: those of an organization, those that failed, which one another repeats. */
export async function up(trx: Writer): Promise<void> {
  await extendExecutions(trx);
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
