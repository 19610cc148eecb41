import type { Reader } from '../../storage/index.ts';

/** Where those who are to hear of an organization's key can be reached: its owners and admins, and the person it acts as. */
export async function addressesIn(
  db: Reader,
  organizationId: string,
  userId: string | null,
): Promise<string[]> {
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select('users.email')
    .where('memberships.organization_id', '=', organizationId)
    .where((eb) =>
      eb.or([eb('memberships.role', 'in', ['owner', 'admin']), eb('memberships.user_id', '=', userId)]),
    )
    .orderBy('users.email')
    .execute();
  return rows.map(({ email }) => email);
}

/** Where a person can be reached. */
export async function addressOf(db: Reader, userId: string): Promise<string | undefined> {
  const row = await db.selectFrom('users').select('email').where('id', '=', userId).executeTakeFirst();
  return row?.email;
}
