import type { Input, Output } from '@latchkey/protocol';
import type { ExecutionDeps } from './deps.ts';
import { insertDocument } from './documents.sql.ts';
import { holdPending } from './executions.sql.ts';
import { notPending, requireReporter } from './report.ts';

const unnamed = { fileName: 'file', mimeType: 'application/octet-stream' } as const;

/**
 * Keeps a file that belongs to the result of a pending execution (contract/codika.md F.6). Whoever sent it has been
 * asked for the secret before it was read. Throws `EXECUTION_SECRET_INVALID` or `EXECUTION_NOT_PENDING`.
 */
export async function uploadOutput(
  deps: ExecutionDeps,
  fields: Input<'executions.uploadOutput'>,
  bytes: Buffer,
): Promise<Output<'executions.uploadOutput'>> {
  requireReporter(deps, fields);
  const documentId = deps.random.uuid();
  const { fileName = unnamed.fileName, mimeType = unnamed.mimeType } = fields;
  const isKept = await deps.store.write(async (trx) => {
    if (!(await holdPending(trx, fields.executionId))) return false;
    await insertDocument(trx, {
      id: documentId,
      execution_id: fields.executionId,
      field_key: fields.fieldKey ?? null,
      file_name: fileName,
      mime_type: mimeType,
      size_bytes: bytes.length,
      bytes,
      created_at: deps.clock.now(),
    });
    return true;
  });
  if (!isKept) throw await notPending(deps.store.db, fields.executionId);
  const storagePath = `executions/${fields.executionId}/${documentId}`;
  return { documentId, storagePath, fileName, fileSize: bytes.length, mimeType };
}
