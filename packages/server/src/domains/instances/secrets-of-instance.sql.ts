import type { Selectable } from 'kysely';
import type { Reader, SigningSecretsTable, Writer } from '../../storage/index.ts';

export type SealedSecretRow = Selectable<SigningSecretsTable>;

/** The signing secrets of all workflows of an instance, oldest first; retired ones too. */
export async function findSealedSecrets(db: Reader, instanceId: string): Promise<SealedSecretRow[]> {
  return db
    .selectFrom('signing_secrets')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** Retires what is active of an instance, which the caller holds, but for these workflows. */
export async function retireSecrets(
  trx: Writer,
  instanceId: string,
  kept: readonly string[],
  now: number,
): Promise<void> {
  await trx
    .updateTable('signing_secrets')
    .set({ retired_at: now })
    .where('instance_id', '=', instanceId)
    .where('retired_at', 'is', null)
    .$if(kept.length > 0, (query) => query.where('workflow_id', 'not in', kept))
    .execute();
}
