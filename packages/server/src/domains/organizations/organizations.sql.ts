import type { Reader, Writer } from '../../storage/index.ts';
import { isActive } from '../keys/index.ts';

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly size: string | null;
  readonly logo_url: string | null;
  readonly created_at: number;
}

export async function readOrganization(db: Reader, id: string): Promise<OrganizationRow> {
  return db
    .selectFrom('organizations')
    .select(['id', 'name', 'description', 'size', 'logo_url', 'created_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

/** What of an organization can be changed in its own row. */
export type OrganizationChange = Partial<Pick<OrganizationRow, 'name' | 'description' | 'size' | 'logo_url'>>;

export async function changeOrganization(trx: Writer, id: string, change: OrganizationChange): Promise<void> {
  await trx.updateTable('organizations').set(change).where('id', '=', id).execute();
}

/** What is known of a logo without its bytes. */
export async function readLogo(
  db: Reader,
  organizationId: string,
): Promise<{ mimeType: string; sha256: string } | undefined> {
  return db
    .selectFrom('organization_logos')
    .select(['mime_type as mimeType', 'sha256'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}

export async function deleteLogo(trx: Writer, organizationId: string): Promise<void> {
  await trx.deleteFrom('organization_logos').where('organization_id', '=', organizationId).execute();
}

/** The keys that say the organization's name: its own, and the personal ones of its members. */
export async function keysNaming(trx: Writer, organizationId: string, now: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('api_keys')
    .select('id')
    .where(isActive(now))
    .where((eb) =>
      eb.or([
        eb('organization_id', '=', organizationId),
        eb.and([
          eb('family', '=', 'personal'),
          eb(
            'user_id',
            'in',
            eb.selectFrom('memberships').select('user_id').where('organization_id', '=', organizationId),
          ),
        ]),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}
