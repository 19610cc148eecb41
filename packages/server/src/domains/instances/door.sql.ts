import type { Reader } from '../../storage/index.ts';
import type { InstanceRow } from './instances.sql.ts';

/** An instance with its live key, read at one instant. */
export interface DoorRow extends InstanceRow {
  readonly key_id: string | null;
  readonly digest: string | null;
  readonly key_rate_limit: string | null;
}

export async function findDoor(db: Reader, instanceId: string): Promise<DoorRow | undefined> {
  return db
    .selectFrom('process_instances')
    .leftJoin('api_keys', (join) =>
      join
        .onRef('api_keys.instance_id', '=', 'process_instances.id')
        .on('api_keys.family', '=', 'instance')
        .on('api_keys.revoked_at', 'is', null),
    )
    .selectAll('process_instances')
    .select(['api_keys.id as key_id', 'api_keys.digest', 'api_keys.rate_limit as key_rate_limit'])
    .where('process_instances.id', '=', instanceId)
    .executeTakeFirst();
}
