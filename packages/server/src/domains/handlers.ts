import { type Input, type OperationId, type Output, operations } from '@latchkey/protocol';
import { createOrganization } from './accounts/index.ts';
import {
  type AuthenticatedKey,
  authorize,
  createForOrganization,
  createPersonal,
  type KeyDeps,
  listOfOrganization,
  revokeKey,
  updateKey,
  whoami,
} from './keys/index.ts';
import { type Caller, completeLogin, completeSignup, type OtpDeps, requestCode } from './otp/index.ts';

/** What the operations work with, all of them together. */
export type DomainDeps = OtpDeps & KeyDeps;

type IsPublic<Id extends OperationId> = (typeof operations)[Id]['access']['kind'] extends 'public'
  ? true
  : false;

/** One call of an operation: its input, validated, and who makes it. */
export interface Call<Id extends OperationId> {
  readonly input: Input<Id>;
  readonly caller: Caller;
  /** The verified key; there is none where the operation is public. */
  readonly key: IsPublic<Id> extends true ? undefined : AuthenticatedKey;
}

type Handler<Id extends OperationId> = (deps: DomainDeps, call: Call<Id>) => Output<Id> | Promise<Output<Id>>;

/** An operation without a handler does not compile. */
const handlers: { readonly [Id in OperationId]: Handler<Id> } = {
  'otp.requestSignup': (deps, { input, caller }) => requestCode(deps, 'signup', input, caller),
  'otp.completeSignup': (deps, { input }) => completeSignup(deps, input),
  'otp.requestLogin': (deps, { input, caller }) => requestCode(deps, 'login', input, caller),
  'otp.completeLogin': (deps, { input }) => completeLogin(deps, input),
  'organizations.create': (deps, { input, key }) =>
    createOrganization(deps, key.principal.userId ?? undefined, input),
  'keys.whoami': (_deps, { key }) => whoami(key),
  'keys.createForOrganization': (deps, { input, key }) => createForOrganization(deps, key.principal, input),
  'keys.listOfOrganization': (deps, { input, key }) => listOfOrganization(deps, key.principal, input),
  'keys.createPersonal': (deps, { input, key }) => createPersonal(deps, key.principal, input),
  'keys.update': (deps, { input, key }) => updateKey(deps, key.principal, input),
  'keys.revoke': (deps, { input, key }) => revokeKey(deps, key.principal, input),
};

/** A call whose input is still to be validated. */
export interface Request {
  readonly caller: Caller;
  readonly key: AuthenticatedKey | undefined;
  /** Validates the input against the operation's schema; throws what is wrong with it. */
  readInput(): unknown;
}

/**
 * Performs an operation: family and scope are checked here, for every way in, before the input is looked at; what
 * the call may act on is checked by its handler.
 */
export async function perform<Id extends OperationId>(
  deps: DomainDeps,
  id: Id,
  { caller, key, readInput }: Request,
): Promise<Output<Id>> {
  const { access } = operations[id];
  if (access.kind === 'key') {
    if (key === undefined) throw new Error(`${id} was called without a key`);
    authorize(key.principal, access);
  }
  return handlers[id](deps, { input: readInput(), caller, key } as Call<Id>);
}
