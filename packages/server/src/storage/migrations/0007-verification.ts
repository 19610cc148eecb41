import type { Writer } from '../store.ts';

/** What keys are bound to, what they have used, and who has to hear of revocations. */
export async function up(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema.alterTable('api_keys').addColumn('disabled_at', 'bigint').execute();
  for (const name of ['allowed_addresses', 'resources', 'limits', 'budget']) {
    await schema.alterTable('api_keys').addColumn(name, 'text').execute();
  }
  await schema
    .createTable('key_uses')
    .addColumn('key_id', 'text', (column) => column.primaryKey().references('api_keys.id'))
    .addColumn('used', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('revocation_counter')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute();
  await trx.insertInto('revocation_counter').values({ id: 1, seq: 0 }).execute();
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
