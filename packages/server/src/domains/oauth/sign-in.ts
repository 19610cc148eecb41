import type { Writer } from '../../storage/index.ts';
import {
  addressIn,
  ensureUser,
  type Membership,
  membershipsOf,
  newUserId,
  normalizeEmail,
  type User,
} from '../accounts/index.ts';
import { anonymous, audited, callFrom, person, type Recorder, serverChain } from '../audit/index.ts';
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

/** The person of a proven address, on record. */
async function enter(deps: OtpDeps, trx: Writer, audit: Recorder, email: string): Promise<User> {
  const user = await ensureUser(trx, { id: newUserId(deps.random), email }, deps.clock.now());
  await audit.record(trx, { organizationId: null, id: user.id, actor: person(user) });
  return user;
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
      return deps.store.write(async (trx) => {
        await useUp(trx, proven, deps.clock.now());
        return enter(deps, trx, audit, proven.challenge.email);
      });
    },
  });
}

/** The person of an address that the upstream provider has verified, new ones as by `signInWithCode`. */
export async function signInVouched(deps: OtpDeps, email: string, caller: Caller): Promise<User> {
  return audited(deps, {
    describe: () => callFrom(caller, rules.signIn, anonymous(addressIn(email))),
    chainOfRefusal,
    work: (audit) => {
      const address = normalizeEmail(email);
      return deps.store.write((trx) => enter(deps, trx, audit, address));
    },
  });
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
