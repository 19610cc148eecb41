import type { Writer } from '../store.ts';

/** What keys are bound to, what they have used, and who has to hear of revocations. */
export async function up(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema.alterTable('api_keys').addColumn('disabled_at', 'bigint').execute();
  for (const name of ['allowed_addresses', 'resources', 'limits', 'budget']) {
    await schema.alterTable('api_keys').addColumn(name, 'text').execute();
  }
  // It refers to nothing: one row that cannot be written would fail the counting of everybody else in its transaction.
  // No index beside the key: an update that moves no indexed column is what PostgreSQL does cheapest.
  await schema
    .createTable('key_uses')
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('window_seconds', 'integer', (column) => column.notNull())
    .addColumn('used', 'bigint', (column) => column.notNull())
    .addColumn('allowed', 'bigint', (column) => column.notNull())
    .addColumn('taken', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('key_uses_key', ['key_id', 'window_seconds'])
    .execute();
  await schema
    .createTable('revocation_counter')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('mark', 'text', (column) => column.notNull())
    .addColumn('previous_mark', 'text', (column) => column.notNull())
    .execute();
  await trx.insertInto('revocation_counter').values({ id: 1, seq: 0, mark: '', previous_mark: '' }).execute();
  await schema
    .createTable('server_processes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('registered_seq', 'bigint', (column) => column.notNull())
    .addColumn('registered_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('revocation_confirmations')
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('process_id', 'text', (column) => column.notNull())
    .addColumn('holders', 'text', (column) => column.notNull())
    .addColumn('confirmed_at', 'bigint')
    .addPrimaryKeyConstraint('revocation_confirmations_key', ['seq', 'process_id'])
    .execute();
}
