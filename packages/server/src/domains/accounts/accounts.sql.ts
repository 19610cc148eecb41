import type { Role } from '@latchkey/protocol';
import type { Reader, Writer } from '../../storage/index.ts';

export interface User {
  readonly id: string;
  readonly email: string;
}

/** An organization with what one of its members may do in it. */
export interface Membership {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly role: Role;
}

export async function findUser(db: Reader, email: string): Promise<User | undefined> {
  return db.selectFrom('users').select(['id', 'email']).where('email', '=', email).executeTakeFirst();
}

/** Inserts the user, or finds the one who has the address, and holds its row until the transaction ends. */
export async function ensureUser(trx: Writer, user: User, now: number): Promise<User & { isNew: boolean }> {
  const row = await trx
    .insertInto('users')
    .values({ id: user.id, email: user.email, created_at: now, keys_minted: 0 })
    .onConflict((conflict) =>
      conflict.column('email').doUpdateSet((eb) => ({ email: eb.ref('excluded.email') })),
    )
    .returning(['id', 'email'])
    .executeTakeFirstOrThrow();
  return { ...row, isNew: row.id === user.id };
}

/** Oldest first. */
export async function membershipsOf(db: Reader, userId: string): Promise<Membership[]> {
  return db
    .selectFrom('memberships')
    .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
    .select([
      'organizations.id as organizationId',
      'organizations.name as organizationName',
      'memberships.role as role',
    ])
    .where('memberships.user_id', '=', userId)
    .orderBy('memberships.created_at')
    .orderBy('organizations.id')
    .execute();
}

export async function roleIn(db: Reader, organizationId: string, userId: string): Promise<Role | undefined> {
  const row = await db
    .selectFrom('memberships')
    .select('role')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.role;
}

export async function countOwned(db: Reader, userId: string): Promise<number> {
  const row = await db
    .selectFrom('memberships')
    .select((eb) => eb.fn.countAll<number>().as('owned'))
    .where('user_id', '=', userId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow();
  return Number(row.owned);
}

/** Holds a user's row until the transaction ends; false when there is no such user. */
export async function lockUser(trx: Writer, userId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('users')
    .set((eb) => ({ email: eb.ref('email') }))
    .where('id', '=', userId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** In a transaction it is held until that ends: who decides on its members and keys takes turns. */
export async function findOrganization(
  db: Reader,
  id: string,
): Promise<{ id: string; name: string } | undefined> {
  return db
    .selectFrom('organizations')
    .select(['id', 'name'])
    .where('id', '=', id)
    .$if(db.isTransaction, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
}

export interface NewOrganization {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly size: string | null;
  readonly logoUrl: string | null;
}

export async function insertOrganization(
  trx: Writer,
  organization: NewOrganization,
  now: number,
): Promise<void> {
  await trx
    .insertInto('organizations')
    .values({
      id: organization.id,
      name: organization.name,
      description: organization.description,
      size: organization.size,
      logo_url: organization.logoUrl,
      created_at: now,
      keys_minted: 0,
    })
    .execute();
}

export async function insertMembership(
  trx: Writer,
  membership: { organizationId: string; userId: string; role: Role; memberSecretSealed: string },
  now: number,
): Promise<void> {
  await trx
    .insertInto('memberships')
    .values({
      organization_id: membership.organizationId,
      user_id: membership.userId,
      role: membership.role,
      member_secret_sealed: membership.memberSecretSealed,
      created_at: now,
    })
    .execute();
}

/** The sealed secret of a member; undefined for somebody who is none. */
export async function sealedMemberSecret(
  db: Reader,
  organizationId: string,
  userId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('memberships')
    .select('member_secret_sealed')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.member_secret_sealed;
}

/** A picture as it is kept and served. */
export interface Logo {
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** Hex; the picture's entity tag. */
  readonly sha256: string;
}

/** Keeps a logo, in place of the one that there may be. */
export async function putLogo(trx: Writer, organizationId: string, logo: Logo): Promise<void> {
  const picture = { mime_type: logo.mimeType, bytes: logo.bytes, sha256: logo.sha256 };
  await trx
    .insertInto('organization_logos')
    .values({ organization_id: organizationId, ...picture })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(picture))
    .execute();
}

export async function findLogo(db: Reader, organizationId: string): Promise<Logo | undefined> {
  return db
    .selectFrom('organization_logos')
    .select(['mime_type as mimeType', 'bytes', 'sha256'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst();
}
