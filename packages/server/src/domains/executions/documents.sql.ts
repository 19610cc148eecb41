import type { Insertable } from 'kysely';
import type { ExecutionDocumentsTable, Writer } from '../../storage/index.ts';

export async function insertDocument(trx: Writer, row: Insertable<ExecutionDocumentsTable>): Promise<void> {
  await trx.insertInto('execution_documents').values(row).execute();
}
