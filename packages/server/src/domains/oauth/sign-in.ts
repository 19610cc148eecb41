import {
  ensureUser,
  type Membership,
  membershipsOf,
  newUserId,
  normalizeEmail,
  type User,
} from '../accounts/index.ts';
import { type PendingInvitation, pendingInvitations } from '../members/index.ts';
import { type Caller, type OtpDeps, proveCode, requestCode, useUp } from '../otp/index.ts';
import { findUserById } from './oauth.sql.ts';

/** Emails a sign-in code; answers the address in the form that codes are kept under. Throws as `requestCode`. */
export async function requestSignInCode(deps: OtpDeps, email: string, caller: Caller): Promise<string> {
  return (await requestCode(deps, 'session', { email }, caller)).email;
}

/**
 * Redeems a sign-in code; of any number of callers exactly one gets the person. An address that is new here gets an
 * account that belongs to nothing: founding an organization is for the person to ask for. Throws as `proveCode`.
 */
export async function signInWithCode(deps: OtpDeps, email: string, code: string): Promise<User> {
  const proven = await proveCode(deps, 'session', normalizeEmail(email), code);
  const now = deps.clock.now();
  return deps.store.write(async (trx) => {
    await useUp(trx, proven, now);
    return ensureUser(trx, { id: newUserId(deps.random), email: proven.challenge.email }, now);
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
