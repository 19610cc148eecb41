import { LatchkeyError } from '@latchkey/protocol';
import { findUser, type Membership, membershipsOf, normalizeEmail, type User } from '../accounts/index.ts';
import { type Caller, type OtpDeps, proveCode, requestCode, useUp } from '../otp/index.ts';
import { findUserById } from './oauth.sql.ts';

/** Emails a sign-in code; answers the address in the form that codes are kept under. Throws as `requestCode`. */
export async function requestSignInCode(deps: OtpDeps, email: string, caller: Caller): Promise<string> {
  return (await requestCode(deps, 'session', { email }, caller)).email;
}

/** Redeems a sign-in code; of any number of callers exactly one gets the person. Throws as `proveCode`. */
export async function signInWithCode(deps: OtpDeps, email: string, code: string): Promise<User> {
  const proven = await proveCode(deps, 'session', normalizeEmail(email), code);
  return deps.store.write(async (trx) => {
    await useUp(trx, proven, deps.clock.now());
    const user = await findUser(trx, proven.challenge.email);
    if (user === undefined) throw new LatchkeyError('USER_NOT_FOUND');
    return user;
  });
}

/** A person with the organizations that they belong to. */
export interface Person extends User {
  readonly memberships: readonly Membership[];
}

/** The person of an account id, or nothing when there is none. */
export async function findPerson(deps: Pick<OtpDeps, 'store'>, userId: string): Promise<Person | undefined> {
  const user = await findUserById(deps.store.db, userId);
  return user && { ...user, memberships: await membershipsOf(deps.store.db, user.id) };
}
