import type { Writer } from '../store.ts';

/** Counted things whose window moves with the clock; wrong codes of a day are no longer in `limits`. */
export async function up(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema
    .createTable('rolling_limits')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('times', 'text', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('rolling_limits_by_end').on('rolling_limits').column('ends_at').execute();
}
