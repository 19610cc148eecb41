import type { Writer } from '../store.ts';

/** What was done by requests that name themselves, so that a repetition is not done again. */
export async function up(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema
    .createTable('idempotency_claims')
    .addColumn('credential', 'text', (column) => column.notNull())
    .addColumn('key_digest', 'text', (column) => column.notNull())
    .addColumn('call_id', 'text', (column) => column.notNull())
    .addColumn('request_digest', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('resource', 'text', (column) => column.notNull())
    .addColumn('answer_sealed', 'text')
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_claims_key', ['credential', 'key_digest'])
    .execute();
  await schema.createIndex('idempotency_claims_ends_at').on('idempotency_claims').column('ends_at').execute();
}
