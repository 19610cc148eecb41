import { type Input, LatchkeyError, type Output, organizationScopes, scopesOfRole } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { findUser, type Membership, membershipsOf, normalizeEmail, type User } from '../accounts/index.ts';
import { expiryFrom, mintKey } from '../keys/index.ts';
import { defaultKeyName } from './complete-signup.ts';
import type { OtpDeps } from './deps.ts';
import { proveCode, useUp } from './redeem.ts';

/** The organization to mint for: the one that is named, or the only one. */
function choose(memberships: readonly Membership[], organizationId: string | undefined): Membership {
  const [first, second] = memberships;
  if (first === undefined) throw new LatchkeyError('USER_HAS_NO_ORGANIZATION');
  const organizations = memberships.map((each) => ({ id: each.organizationId, name: each.organizationName }));
  if (organizationId === undefined) {
    if (second !== undefined)
      throw new LatchkeyError('MULTIPLE_ORGANIZATIONS', { details: { organizations } });
    return first;
  }
  const named = memberships.find((each) => each.organizationId === organizationId);
  if (named === undefined) throw new LatchkeyError('ORGANIZATION_NOT_MEMBER', { details: { organizations } });
  return named;
}

async function membershipFor(
  db: Reader,
  email: string,
  organizationId: string | undefined,
): Promise<{ user: User; membership: Membership }> {
  const user = await findUser(db, email);
  if (user === undefined) throw new LatchkeyError('USER_HAS_NO_ORGANIZATION');
  return { user, membership: choose(await membershipsOf(db, user.id), organizationId) };
}

/**
 * Redeems a log-in code and mints a new key with the default scopes, as far as the user's role holds them. The code
 * stays unused on any refusal. Throws the codes of contract/codika.md C.3.4.
 */
export async function completeLogin(
  deps: OtpDeps,
  input: Input<'otp.completeLogin'>,
): Promise<Output<'otp.completeLogin'>> {
  const email = normalizeEmail(input.email);
  const proven = await proveCode(deps, 'login', email, input.code);
  const now = deps.clock.now();
  const expiresAt = expiryFrom(input.apiKey?.expiresInDays, now);
  return deps.store.write(async (trx) => {
    await useUp(trx, proven, now);
    const { user, membership } = await membershipFor(trx, email, input.organizationId);
    const { organizationId, organizationName } = membership;
    const held = scopesOfRole(membership.role);
    const key = {
      family: 'organization',
      name: input.apiKey?.name ?? defaultKeyName,
      description: '',
      scopes: organizationScopes.filter((scope) => held.includes(scope)),
      organizationId,
      userId: user.id,
      expiresAt,
    } as const;
    const { shown, secret } = await mintKey(trx, deps, key, now);
    return { organizationId, organizationName, apiKey: { ...shown, raw: secret } };
  });
}
