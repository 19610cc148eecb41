import type { Secrets } from '../../platform/secrets.ts';
import type { Reader } from '../../storage/index.ts';
import { sealedMemberSecret } from './accounts.sql.ts';

/** Binds a sealed member secret to the membership that it belongs to. */
export function memberSecretPurpose(organizationId: string, userId: string): string {
  return `member-secret/${organizationId}/${userId}`;
}

/** The secret of a member; undefined for somebody who is none. */
export async function memberSecretOf(
  db: Reader,
  secrets: Secrets,
  organizationId: string,
  userId: string,
): Promise<string | undefined> {
  const sealed = await sealedMemberSecret(db, organizationId, userId);
  return sealed === undefined
    ? undefined
    : secrets.unseal(sealed, memberSecretPurpose(organizationId, userId));
}
