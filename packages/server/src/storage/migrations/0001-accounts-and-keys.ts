import type { EngineCapabilities, Writer } from '../store.ts';

/** Accounts, organizations, keys, emailed codes and limits. */
export async function up(trx: Writer, capabilities: EngineCapabilities): Promise<void> {
  const { schema } = trx;
  await schema
    .createTable('meta')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('users')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('keys_minted', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema
    .createTable('organizations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('size', 'text')
    .addColumn('logo_url', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('keys_minted', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema
    .createTable('organization_logos')
    .addColumn('organization_id', 'text', (column) => column.primaryKey().references('organizations.id'))
    .addColumn('mime_type', 'text', (column) => column.notNull())
    .addColumn('bytes', capabilities.bytesType === 'blob' ? 'blob' : 'bytea', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('memberships')
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('member_secret_sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('memberships_key', ['organization_id', 'user_id'])
    .execute();
  await schema.createIndex('memberships_of_user').on('memberships').column('user_id').execute();
  await createApiKeys(trx);
  await createOtpChallenges(trx);
  await schema
    .createTable('limits')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('limits_by_end').on('limits').column('ends_at').execute();
}

async function createApiKeys(trx: Writer): Promise<void> {
  await trx.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('family', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull().unique())
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('organization_id', 'text', (column) => column.references('organizations.id'))
    .addColumn('user_id', 'text', (column) => column.references('users.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .execute();
  await trx.schema
    .createIndex('api_keys_of_organization')
    .on('api_keys')
    .columns(['organization_id', 'created_at', 'id'])
    .execute();
  await trx.schema.createIndex('api_keys_of_user').on('api_keys').columns(['user_id', 'family']).execute();
}

async function createOtpChallenges(trx: Writer): Promise<void> {
  await trx.schema
    .createTable('otp_challenges')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('code_digest', 'text', (column) => column.notNull())
    .addColumn('attempts_remaining', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint')
    .execute();
  await trx.schema
    .createIndex('otp_challenges_of_email')
    .on('otp_challenges')
    .columns(['email', 'id'])
    .execute();
  await trx.schema.createIndex('otp_challenges_by_end').on('otp_challenges').column('expires_at').execute();
}
