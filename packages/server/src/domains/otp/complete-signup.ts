import { defaultScopes, type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import {
  ensureUser,
  findUser,
  foundOrganization,
  membershipsOf,
  newOrganizationId,
  newUserId,
  normalizeEmail,
  withProvisioning,
} from '../accounts/index.ts';
import { type Audited, person } from '../audit/index.ts';
import { expiryFrom, mintKey } from '../keys/index.ts';
import type { OtpDeps } from './deps.ts';
import { type ProvenCode, proveCode, requireStillGood, useUp } from './redeem.ts';

const defaultOrganizationName = 'My Organization';
const maxNameLength = 100;
/** The name of a key that an emailed code mints, unless the caller gives one (seed). */
export const defaultKeyName = 'CLI default key';

type Signup = Input<'otp.completeSignup'>;

function organizationFrom(deps: OtpDeps, company: Signup['company']) {
  const name = company?.name || defaultOrganizationName;
  if (name.length > maxNameLength) throw new LatchkeyError('COMPANY_NAME_TOO_LONG');
  const id = newOrganizationId(deps.random);
  return { id, name, description: company?.description ?? '', size: null, logoUrl: null };
}

interface Plan {
  readonly email: string;
  readonly proven: ProvenCode;
  readonly organization: ReturnType<typeof organizationFrom>;
  readonly keyName: string;
  readonly expiresAt: number | null;
}

/** Before anything is provisioned. Who became a member by this very code is told that it is used. */
async function refuseMemberEarly(db: Reader, { email, proven }: Plan, now: number): Promise<void> {
  const user = await findUser(db, email);
  if (user === undefined || (await membershipsOf(db, user.id)).length === 0) return;
  await requireStillGood(db, proven, now);
  throw new LatchkeyError('USER_ALREADY_HAS_ORGANIZATION');
}

/** User, organization, ownership, member secret and key: all or nothing. */
async function commit(
  deps: OtpDeps & Audited,
  { email, proven, organization, keyName, expiresAt }: Plan,
  now: number,
) {
  return deps.store.write(async (trx) => {
    await useUp(trx, proven, now);
    const user = await ensureUser(trx, { id: newUserId(deps.random), email }, now);
    if ((await membershipsOf(trx, user.id)).length > 0)
      throw new LatchkeyError('USER_ALREADY_HAS_ORGANIZATION');
    await foundOrganization(trx, deps, { organization, ownerId: user.id, logo: undefined }, now);
    const key = {
      family: 'organization',
      name: keyName,
      description: '',
      scopes: defaultScopes,
      organizationId: organization.id,
      userId: user.id,
      expiresAt,
    } as const;
    const minted = await mintKey(trx, deps, key, now);
    const actor = person({ id: user.id, email });
    const details = { name: organization.name, keyId: minted.shown.keyId };
    await deps.audit.record(trx, { organizationId: organization.id, id: organization.id, actor, details });
    return { isNewUser: user.isNew, minted };
  });
}

/**
 * Redeems a sign-up code. What the caller has to correct is said before the code is used up, and any failure leaves
 * it unused. Throws the codes of contract/codika.md C.3.2.
 */
export async function completeSignup(
  deps: OtpDeps & Audited,
  input: Signup,
): Promise<Output<'otp.completeSignup'>> {
  const email = normalizeEmail(input.email);
  const proven = await proveCode(deps, 'signup', email, input.code);
  const now = deps.clock.now();
  const organization = organizationFrom(deps, input.company);
  const expiresAt = expiryFrom(input.apiKey?.expiresInDays, now);
  const plan = { email, proven, organization, keyName: input.apiKey?.name ?? defaultKeyName, expiresAt };
  await refuseMemberEarly(deps.store.db, plan, now);
  const request = { organizationId: organization.id, organizationName: organization.name, ownerEmail: email };
  const { isNewUser, minted } = await withProvisioning(deps, request, () => commit(deps, plan, now));
  return {
    organizationId: organization.id,
    organizationName: organization.name,
    isNewUser,
    apiKey: { ...minted.shown, raw: minted.secret },
  };
}
