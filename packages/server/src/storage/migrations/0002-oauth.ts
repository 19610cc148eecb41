import type { Writer } from '../store.ts';

/** What the authorization server keeps: grants, codes, tokens, and the state of its pages. */
export async function up(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema
    .createTable('oauth_records')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('payload_sealed', 'text', (column) => column.notNull())
    .addColumn('grant_digest', 'text')
    .addColumn('secondary_digest', 'text')
    .addColumn('user_id', 'text')
    .addColumn('stage', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('consumed_at', 'bigint')
    .addColumn('poll_interval_ms', 'integer')
    .addColumn('polled_at', 'bigint')
    .addPrimaryKeyConstraint('oauth_records_key', ['kind', 'digest'])
    .execute();
  await schema
    .createIndex('oauth_records_by_secondary')
    .on('oauth_records')
    .columns(['kind', 'secondary_digest'])
    .unique()
    .execute();
  await schema.createIndex('oauth_records_of_grant').on('oauth_records').column('grant_digest').execute();
  await schema.createIndex('oauth_records_of_user').on('oauth_records').column('user_id').execute();
  await schema.createIndex('oauth_records_by_end').on('oauth_records').column('expires_at').execute();
}
