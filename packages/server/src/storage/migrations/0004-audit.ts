import type { EngineCapabilities, Writer } from '../store.ts';

/** The audit chains: events that are only ever added, and signed checkpoints of them. */
export async function up(trx: Writer, capabilities: EngineCapabilities): Promise<void> {
  const { schema } = trx;
  await schema
    .createTable('audit_chains')
    .addColumn('chain', 'text', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('audit_events')
    .addColumn('chain', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('actor', 'text')
    .addColumn('resource', 'text')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('environment', 'text')
    .addColumn('workspace', 'text')
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('previous_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_events_key', ['chain', 'seq'])
    .execute();
  for (const column of ['actor', 'resource'] as const) {
    await schema
      .createIndex(`audit_events_by_${column}`)
      .on('audit_events')
      .columns(['chain', column, 'seq'])
      .execute();
  }
  await schema
    .createTable('audit_checkpoints')
    .addColumn('chain', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('signature', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_checkpoints_key', ['chain', 'seq'])
    .execute();
  for (const table of ['audit_events', 'audit_checkpoints']) await capabilities.makeAppendOnly(trx, table);
}
