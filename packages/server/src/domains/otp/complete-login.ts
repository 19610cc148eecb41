import { defaultScopes, type Input, LatchkeyError, type Output, scopesOfRole } from '@latchkey/protocol';
import type { Reader, Writer } from '../../storage/index.ts';
import {
  ensureUser,
  findUser,
  type Membership,
  membershipsOf,
  newUserId,
  normalizeEmail,
  type User,
} from '../accounts/index.ts';
import { type Audited, person } from '../audit/index.ts';
import { changeKeys, expiryFrom, type KeysChanged, mintKey } from '../keys/index.ts';
import { acceptInvitation, pendingInvitations } from '../members/index.ts';
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

/** What an address can log in to: where its person belongs, and where it is invited if that is named or all there is. */
async function choicesFor(db: Reader, user: User | undefined, email: string, organizationId?: string) {
  const memberships = user === undefined ? [] : await membershipsOf(db, user.id);
  const invitations = await pendingInvitations(db, email);
  const open = invitations.filter(
    (each) => memberships.length === 0 || each.organizationId === organizationId,
  );
  return { memberships, invitations: open };
}

interface LogIn {
  readonly email: string;
  readonly organizationId: string | undefined;
  readonly now: number;
}

/** Where the person logs in to; an invitation there is accepted, since they have just proved its address. */
async function membershipFor(
  trx: Writer,
  deps: OtpDeps & Audited,
  { email, organizationId, now }: LogIn,
): Promise<KeysChanged<{ userId: string; membership: Membership }>> {
  const user = await findUser(trx, email);
  const { memberships, invitations } = await choicesFor(trx, user, email, organizationId);
  const membership = choose([...memberships, ...invitations], organizationId);
  const invitation = invitations.find((each) => each === membership);
  if (invitation === undefined && user !== undefined)
    return { answer: { userId: user.id, membership }, changed: [] };
  const { id: userId } = await ensureUser(trx, { id: newUserId(deps.random), email }, now);
  const accepted = invitation && (await acceptInvitation(trx, deps, invitation, userId, now));
  if (accepted?.answer) return { answer: { userId, membership }, changed: accepted.changed };
  // It was withdrawn or accepted meanwhile.
  const other = choose(await membershipsOf(trx, userId), organizationId);
  return { answer: { userId, membership: other }, changed: [] };
}

/**
 * Redeems a log-in code and mints a new key with the default scopes, as far as the user's role holds them. The code
 * stays unused on any refusal. Throws the codes of contract/codika.md C.3.4.
 */
export async function completeLogin(
  deps: OtpDeps & Audited,
  input: Input<'otp.completeLogin'>,
): Promise<Output<'otp.completeLogin'>> {
  const email = normalizeEmail(input.email);
  const proven = await proveCode(deps, 'login', email, input.code);
  const now = deps.clock.now();
  const expiresAt = expiryFrom(input.apiKey?.expiresInDays, now);
  const { answer } = await changeKeys(deps, async (trx) => {
    await useUp(trx, proven, now);
    const logIn = { email, organizationId: input.organizationId, now };
    const { answer: found, changed } = await membershipFor(trx, deps, logIn);
    const { userId, membership } = found;
    const { organizationId, organizationName } = membership;
    const held = scopesOfRole(membership.role);
    const key = {
      family: 'organization',
      name: input.apiKey?.name ?? defaultKeyName,
      description: '',
      scopes: defaultScopes.filter((scope) => held.includes(scope)),
      organizationId,
      userId,
      expiresAt,
    } as const;
    const { shown, secret } = await mintKey(trx, deps, key, now);
    const actor = person({ id: userId, email });
    await deps.audit.record(trx, { organizationId, id: shown.keyId, actor, details: { name: key.name } });
    return { answer: { organizationId, organizationName, apiKey: { ...shown, raw: secret } }, changed };
  });
  return answer;
}
