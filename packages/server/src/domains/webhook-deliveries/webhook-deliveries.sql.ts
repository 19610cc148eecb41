import type { Insertable } from 'kysely';
import type { Reader, WebhookDeliveriesTable, Writer } from '../../storage/index.ts';

export type DeliveryRow = Insertable<WebhookDeliveriesTable>;

/** The accepted, or the refused, deliveries of one workflow. */
export type Kind = Pick<DeliveryRow, 'instance_id' | 'workflow_id' | 'is_accepted'>;

export async function insertDeliveries(trx: Writer, rows: readonly DeliveryRow[]): Promise<void> {
  await trx.insertInto('webhook_deliveries').values(rows).execute();
}

/** Deletes all of a kind but the newest. */
export async function pruneDeliveries(trx: Writer, kind: Kind, kept: number): Promise<void> {
  const { instance_id, workflow_id, is_accepted } = kind;
  await trx
    .deleteFrom('webhook_deliveries')
    .where('instance_id', '=', instance_id)
    .where('workflow_id', '=', workflow_id)
    .where('is_accepted', '=', is_accepted)
    .where('id', 'not in', ({ selectFrom }) =>
      selectFrom('webhook_deliveries as newest')
        .select('newest.id')
        .where('newest.instance_id', '=', instance_id)
        .where('newest.workflow_id', '=', workflow_id)
        .where('newest.is_accepted', '=', is_accepted)
        .orderBy('newest.at', 'desc')
        .orderBy('newest.id', 'desc')
        .limit(kept),
    )
    .execute();
}

/** Newest first, with the label of the secret that each was signed with. */
export async function findDeliveries(db: Reader, instanceId: string, workflowId: string) {
  return db
    .selectFrom('webhook_deliveries')
    .leftJoin('signing_secrets', 'signing_secrets.id', 'webhook_deliveries.signing_secret_id')
    .selectAll('webhook_deliveries')
    .select('signing_secrets.label')
    .where('webhook_deliveries.instance_id', '=', instanceId)
    .where('webhook_deliveries.workflow_id', '=', workflowId)
    .orderBy('webhook_deliveries.at', 'desc')
    .orderBy('webhook_deliveries.id', 'desc')
    .execute();
}
