import type { Level } from '@latchkey/protocol';
import type { NotNull } from 'kysely';
import type { Reader, RestrictionColumns, Writer } from '../../storage/index.ts';
import { isActive, isListedAfter } from '../keys/index.ts';
import type { Place } from '../workspaces/index.ts';

/** An environment key with the names of what it points to. */
export interface EnvironmentKey extends RestrictionColumns {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly level: Level;
  readonly fingerprint: string;
  /** `null` for a tenant-wide key. */
  readonly workspace_id: string | null;
  readonly workspace: string | null;
  readonly created_at: number;
  /** Whoever minted it. */
  readonly user_id: string | null;
  readonly creator_email: string | null;
  /** `null` when they are no longer a member. */
  readonly creator_role: string | null;
  readonly rotated_from: string | null;
  readonly predecessor_fingerprint: string | null;
  readonly revoked_at: number | null;
  readonly ends_at: number | null;
  readonly disabled_at: number | null;
  readonly last_used_at: number | null;
  readonly last_used_address: string | null;
  readonly last_used_client: string | null;
}

function keysOf(db: Reader, { organizationId, environment }: Place) {
  return db
    .selectFrom('api_keys')
    .leftJoin('workspaces', 'workspaces.id', 'api_keys.workspace_id')
    .leftJoin('users', 'users.id', 'api_keys.user_id')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.user_id', '=', 'api_keys.user_id')
        .onRef('memberships.organization_id', '=', 'api_keys.organization_id'),
    )
    .leftJoin('api_keys as predecessor', 'predecessor.id', 'api_keys.rotated_from')
    .select([
      'api_keys.id',
      'api_keys.name',
      'api_keys.description',
      'api_keys.level',
      'api_keys.fingerprint',
      'api_keys.workspace_id',
      'workspaces.slug as workspace',
      'api_keys.created_at',
      'api_keys.user_id',
      'users.email as creator_email',
      'memberships.role as creator_role',
      'api_keys.rotated_from',
      'predecessor.fingerprint as predecessor_fingerprint',
      'api_keys.revoked_at',
      'api_keys.ends_at',
      'api_keys.disabled_at',
      'api_keys.allowed_addresses',
      'api_keys.resources',
      'api_keys.limits',
      'api_keys.budget',
      'api_keys.last_used_at',
      'api_keys.last_used_address',
      'api_keys.last_used_client',
    ])
    .$narrowType<{ level: NotNull; fingerprint: NotNull }>()
    .where('api_keys.family', '=', 'environment')
    .where('api_keys.organization_id', '=', organizationId)
    .where('api_keys.environment', '=', environment);
}

export interface ListFilter {
  /** Only the keys that are restricted to this workspace. */
  readonly workspaceId: string | undefined;
  /** `now` to leave out what has ended; undefined for all. */
  readonly validAt: number | undefined;
  /** The last key of the page before. */
  readonly before: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listKeys(
  db: Reader,
  place: Place,
  { workspaceId, validAt, before, limit }: ListFilter,
): Promise<EnvironmentKey[]> {
  return keysOf(db, place)
    .$if(workspaceId !== undefined, (query) => query.where('api_keys.workspace_id', '=', workspaceId ?? ''))
    .$if(validAt !== undefined, (query) => query.where(isActive(validAt ?? 0)))
    .$if(before !== undefined, (query) => query.where(isListedAfter(before ?? '')))
    .orderBy('api_keys.created_at', 'desc')
    .orderBy('api_keys.id', 'desc')
    .limit(limit)
    .execute();
}

/** The key that has a fingerprint, shown or whole. */
export async function findByFingerprint(
  db: Reader,
  place: Place,
  fingerprint: string,
): Promise<EnvironmentKey | undefined> {
  return keysOf(db, place)
    .where((eb) =>
      eb.or([eb('api_keys.fingerprint', '=', fingerprint), eb('api_keys.fingerprint_hex', '=', fingerprint)]),
    )
    .executeTakeFirst();
}

/** The keys that have a name, ended ones too, newest first. */
export async function findByName(db: Reader, place: Place, name: string): Promise<EnvironmentKey[]> {
  return keysOf(db, place)
    .where('api_keys.name', '=', name)
    .orderBy('api_keys.created_at', 'desc')
    .orderBy('api_keys.id', 'desc')
    .execute();
}

export async function findById(db: Reader, place: Place, id: string): Promise<EnvironmentKey | undefined> {
  return keysOf(db, place).where('api_keys.id', '=', id).executeTakeFirst();
}

/** How many keys of a bucket are valid. The caller holds the organization, or the count may be of before. */
export async function countValid(
  trx: Writer,
  { organizationId, environment }: Place,
  workspaceId: string | null,
  now: number,
): Promise<number> {
  const row = await trx
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<number>().as('valid'))
    .where('family', '=', 'environment')
    .where('organization_id', '=', organizationId)
    .where('environment', '=', environment)
    .where('workspace_id', 'is not distinct from', workspaceId)
    .where(isActive(now))
    .executeTakeFirstOrThrow();
  return Number(row.valid);
}

/** Gives an active key its end; says whether this call did it. */
export async function markRotating(trx: Writer, id: string, endsAt: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('api_keys')
    .set({ ends_at: endsAt })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('ends_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Writes the end of rotated keys down as their revocation: for the record, since every reader looks at the end. */
export async function markEnded(trx: Writer, now: number) {
  return trx
    .updateTable('api_keys')
    .set((eb) => ({ revoked_at: eb.ref('ends_at'), updated_at: now }))
    .where('family', '=', 'environment')
    .where('revoked_at', 'is', null)
    .where('ends_at', '<=', now)
    .returning(['id', 'organization_id', 'environment', 'name', 'fingerprint'])
    .execute();
}
