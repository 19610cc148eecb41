import type { Selectable } from 'kysely';
import type { Reader, SigningSecretsTable, Writer } from '../../storage/index.ts';

export type SigningSecretRow = Selectable<SigningSecretsTable>;

/** One workflow of one instance. */
export interface Endpoint {
  readonly processInstanceId: string;
  readonly workflowId: string;
}

export async function insertSecret(trx: Writer, row: SigningSecretRow): Promise<void> {
  await trx.insertInto('signing_secrets').values(row).execute();
}

/** The caller holds the instance. */
export async function countActive(trx: Writer, { processInstanceId, workflowId }: Endpoint): Promise<number> {
  const row = await trx
    .selectFrom('signing_secrets')
    .select((eb) => eb.fn.countAll<number>().as('active'))
    .where('instance_id', '=', processInstanceId)
    .where('workflow_id', '=', workflowId)
    .where('retired_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.active);
}

/** Oldest first, retired ones too. */
export async function findSecrets(
  db: Reader,
  { processInstanceId, workflowId }: Endpoint,
): Promise<SigningSecretRow[]> {
  return db
    .selectFrom('signing_secrets')
    .selectAll()
    .where('instance_id', '=', processInstanceId)
    .where('workflow_id', '=', workflowId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** Changes a secret of a workflow; the row after the change, or undefined where the workflow has none of this id. */
export async function changeSecret(
  trx: Writer,
  { processInstanceId, workflowId }: Endpoint,
  id: string,
  change: { readonly label: string } | { readonly retired_at: number },
): Promise<SigningSecretRow | undefined> {
  return trx
    .updateTable('signing_secrets')
    .set(change)
    .where('id', '=', id)
    .where('instance_id', '=', processInstanceId)
    .where('workflow_id', '=', workflowId)
    .returningAll()
    .executeTakeFirst();
}
