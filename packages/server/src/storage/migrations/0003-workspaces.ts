import { sql } from 'kysely';
import type { Writer } from '../store.ts';

/** Workspaces, levels in them, invitations, and what api_keys needs for environment keys. */
export async function up(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema
    .createTable('workspaces')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('slug', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('deleted_at', 'bigint')
    .execute();
  await schema
    .createIndex('workspaces_slug')
    .on('workspaces')
    .columns(['organization_id', 'environment', 'slug'])
    .unique()
    .where(sql.ref('deleted_at'), 'is', null)
    .execute();
  await schema
    .createTable('workspace_levels')
    .addColumn('workspace_id', 'text', (column) => column.notNull().references('workspaces.id'))
    .addColumn('user_id', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('granted_by', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('granted_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('workspace_levels_key', ['workspace_id', 'user_id'])
    .execute();
  await schema
    .createTable('invitations')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('organization_id', 'text', (column) => column.notNull().references('organizations.id'))
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('invited_by', 'text', (column) => column.notNull().references('users.id'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('invitations_key', ['organization_id', 'email'])
    .execute();
  await schema.createIndex('invitations_of_email').on('invitations').column('email').execute();
  await extendApiKeys(trx);
}

async function extendApiKeys(trx: Writer): Promise<void> {
  const { schema } = trx;
  await schema
    .alterTable('api_keys')
    .addColumn('workspace_id', 'text', (column) => column.references('workspaces.id'))
    .execute();
  const texts = [
    'environment',
    'level',
    'fingerprint',
    'fingerprint_hex',
    'rotated_from',
    'last_used_address',
    'last_used_client',
  ];
  for (const name of texts) await schema.alterTable('api_keys').addColumn(name, 'text').execute();
  await schema.alterTable('api_keys').addColumn('ends_at', 'bigint').execute();
  await schema.createIndex('api_keys_of_workspace').on('api_keys').column('workspace_id').execute();
  // For people, a fingerprint must name one key, also among those that are revoked.
  await schema
    .createIndex('api_keys_fingerprint')
    .on('api_keys')
    .columns(['organization_id', 'environment', 'fingerprint'])
    .unique()
    .execute();
}
