import {
  addressIn,
  ensureUser,
  type Membership,
  membershipsOf,
  newUserId,
  normalizeEmail,
  type User,
} from '../accounts/index.ts';
import { anonymous, audited, callFrom, person, serverChain } from '../audit/index.ts';
import { type PendingInvitation, pendingInvitations } from '../members/index.ts';
import { type Caller, type OtpDeps, proveCode, requestCode, useUp } from '../otp/index.ts';
import { findUserById } from './oauth.sql.ts';

const rules = {
  code: { action: 'auth.session_code', resource: 'challenge' },
  signIn: { action: 'auth.sign_in', resource: 'user' },
} as const;

/** What belongs to no organization: a person signs in before one is chosen. */
const chainOfRefusal = async () => serverChain;

/** Emails a sign-in code; answers the address in the form that codes are kept under. Throws as `requestCode`. */
export async function requestSignInCode(deps: OtpDeps, email: string, caller: Caller): Promise<string> {
  const sent = await audited(deps, {
    describe: () => callFrom(caller, rules.code, anonymous(addressIn(email))),
    chainOfRefusal,
    work: (audit) => requestCode({ ...deps, audit }, 'session', { email }, caller),
  });
  return sent.email;
}

/**
 * Redeems a sign-in code; of any number of callers exactly one gets the person. An address that is new here gets an
 * account that belongs to nothing: founding an organization is for the person to ask for. Throws as `proveCode`.
 */
export async function signInWithCode(
  deps: OtpDeps,
  email: string,
  code: string,
  caller: Caller,
): Promise<User> {
  return audited(deps, {
    describe: () => callFrom(caller, rules.signIn, anonymous(addressIn(email))),
    chainOfRefusal,
    async work(audit) {
      const proven = await proveCode(deps, 'session', normalizeEmail(email), code);
      const now = deps.clock.now();
      return deps.store.write(async (trx) => {
        await useUp(trx, proven, now);
        const user = await ensureUser(
          trx,
          { id: newUserId(deps.random), email: proven.challenge.email },
          now,
        );
        await audit.record(trx, { organizationId: null, id: user.id, actor: person(user) });
        return user;
      });
    },
  });
}

/** The person of an address that the upstream provider has verified, new ones as by `signInWithCode`. */
export async function signInVouched(deps: OtpDeps, email: string): Promise<User> {
  const user = { id: newUserId(deps.random), email: normalizeEmail(email) };
  return deps.store.write((trx) => ensureUser(trx, user, deps.clock.now()));
}

/** A person with the organizations that they belong to, and those that they could. */
export interface Person extends User {
  readonly memberships: readonly Membership[];
  readonly invitations: readonly PendingInvitation[];
}

/** The person of an account id, or nothing when there is none. */
export async function findPerson(
  { store: { db } }: Pick<OtpDeps, 'store'>,
  userId: string,
): Promise<Person | undefined> {
  const user = await findUserById(db, userId);
  if (user === undefined) return undefined;
  const memberships = await membershipsOf(db, user.id);
  return { ...user, memberships, invitations: await pendingInvitations(db, user.email) };
}
