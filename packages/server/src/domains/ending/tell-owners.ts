import type { KeyFamily } from '@latchkey/keys';
import { toIso } from '../../platform/clock.ts';
import { findOrganization } from '../accounts/index.ts';
import type { AuthenticatedKey } from '../keys/index.ts';
import type { EndingDeps } from './deps.ts';
import { addressesIn, addressOf } from './ending.sql.ts';
import { leakMail } from './leak-mail.ts';

/** The command that makes another key of the same family. */
const mint: Readonly<Record<KeyFamily, string>> = {
  organization: 'latchkey organization create-key --organization-id <id> --name <name> --scopes <scopes>',
  personal: 'latchkey admin create-key --personal --email <email>',
  admin: 'latchkey admin create-key',
  instance: 'latchkey instance key regenerate <processInstanceId>',
  environment: 'latchkey key create --name <name>',
};

/** An admin key is nobody's: its operator reads the log. */
async function recipients(
  { store: { db } }: EndingDeps,
  { organization_id: organizationId, user_id: userId }: AuthenticatedKey['row'],
): Promise<string[]> {
  if (organizationId !== null) return addressesIn(db, organizationId, userId);
  const address = userId === null ? undefined : await addressOf(db, userId);
  return address === undefined ? [] : [address];
}

/** Tells those whose key it was that it was found and has ended. A mail that cannot be sent is logged. */
export async function tellOwners(
  deps: EndingDeps,
  row: AuthenticatedKey['row'],
  { revokedAt, foundAt }: { readonly revokedAt: number; readonly foundAt: string | undefined },
): Promise<void> {
  const { id: keyId, family, organization_id: organizationId } = row;
  deps.log.warn({ keyId, family }, 'a key was found in the open and has been revoked');
  const organization =
    organizationId === null ? undefined : await findOrganization(deps.store.db, organizationId);
  const leak = {
    name: row.name,
    shownAs: row.fingerprint ?? row.prefix,
    organizationName: organization?.name ?? null,
    revokedAt: toIso(revokedAt),
    foundAt,
    mint: mint[family],
  };
  const tell = (to: string) =>
    deps.mailer
      .send(leakMail(to, leak))
      .catch((err: unknown) => deps.log.error({ err, keyId }, 'an owner of a found key could not be told'));
  await Promise.all((await recipients(deps, row)).map(tell));
}
