import type { Writer } from '../store.ts';

/** How often keys were used, by hour and outcome, and why they were refused last. */
export async function up(trx: Writer): Promise<void> {
  // They refer to nothing: one row that cannot be written would fail everything else that is written with it.
  await createHours(trx, 'key_hours', 'key_id');
  await createHours(trx, 'organization_hours', 'organization_id');
  await createRefusals(trx);
}

async function createHours({ schema }: Writer, table: string, owner: string): Promise<void> {
  await schema
    .createTable(table)
    .addColumn(owner, 'text', (column) => column.notNull())
    .addColumn('hour', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('uses', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint(`${table}_key`, [owner, 'hour', 'outcome'])
    .execute();
  await schema.createIndex(`${table}_hour`).on(table).column('hour').execute();
}

async function createRefusals({ schema }: Writer): Promise<void> {
  await schema
    .createTable('key_refusals')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('client', 'text')
    .addColumn('missing', 'text')
    .execute();
  await schema
    .createIndex('key_refusals_of_key')
    .on('key_refusals')
    .columns(['key_id', 'at', 'id'])
    .execute();
  await schema.createIndex('key_refusals_at').on('key_refusals').column('at').execute();
}
