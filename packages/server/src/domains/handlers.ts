import {
  type CredentialAccess,
  type Input,
  type Operation,
  type OperationId,
  type Output,
  operations,
} from '@latchkey/protocol';
import { createOrganization, type Founder } from './accounts/index.ts';
import { type Audited, audited, noRecorder, type Recorder } from './audit/index.ts';
import { exportChain, listEvents } from './audit-trail/index.ts';
import { chainOfRefusal, describeCall } from './audited-call.ts';
import { type EndingDeps, reportLeaked, revokeOwn } from './ending/index.ts';
import {
  createEnvironmentKey,
  disableEnvironmentKey,
  enableEnvironmentKey,
  listEnvironmentKeys,
  revokeEnvironmentKey,
  rotateEnvironmentKey,
  updateEnvironmentKey,
  whoamiOfEnvironment,
} from './environment-keys/index.ts';
import {
  createExecution,
  type ExecutionDeps,
  getExecution,
  instanceStatistics,
  listExecutions,
  listExecutionsOfOrganization,
  submitError,
  submitResult,
} from './executions/index.ts';
import { type GatewayDeps, rerunExecution, triggerAsPerson } from './gateway/index.ts';
import { createOnce, type Once } from './idempotency/index.ts';
import {
  activateInstance,
  archiveInstance,
  createInstance,
  deactivateInstance,
  getInstance,
  type InstanceDeps,
  listInstances,
  regenerateKey,
  revealKey,
  updateInstance,
} from './instances/index.ts';
import { activityOfKey, activityOfOrganization, listKeyInventory } from './key-inventory/index.ts';
import {
  type AuthenticatedKey,
  type AuthenticatedSession,
  askerOf,
  authorize,
  type Credential,
  createForOrganization,
  createPersonal,
  disableKey,
  enableKey,
  listOfOrganization,
  noting,
  type Principal,
  requireLive,
  revokeKey,
  updateKey,
  whoami,
} from './keys/index.ts';
import { changeRole, inviteMember, listOfMembers, type MemberDeps, removeMember } from './members/index.ts';
import { getOrganization, type ServerDeps, settingsOf, updateOrganization } from './organizations/index.ts';
import { type Caller, completeLogin, completeSignup, type OtpDeps, requestCode } from './otp/index.ts';
import { createProject, getProject, listProjects } from './projects/index.ts';
import { releaseLease, renewLease } from './revocation/index.ts';
import { endAllSessions, endSession, listSessions, me } from './sessions/index.ts';
import {
  addSigningSecret,
  labelSigningSecret,
  listSigningSecrets,
  retireSigningSecret,
  testSigningSecrets,
} from './signing-secrets/index.ts';
import { exchangeKey, type TokenDeps } from './tokens/index.ts';
import { type VerificationDeps, verifyMany } from './verification/index.ts';
import { listDeliveries } from './webhook-deliveries/index.ts';
import { createWorkspace, deleteWorkspace, listOfEnvironment, setLevel } from './workspaces/index.ts';

/** What the operations work with, all of them together. */
export type DomainDeps = OtpDeps &
  MemberDeps &
  InstanceDeps &
  ExecutionDeps &
  Pick<GatewayDeps, 'dispatcher' | 'diagnoses'> &
  EndingDeps &
  TokenDeps &
  ServerDeps &
  VerificationDeps;

/** What a caller of one of these kinds has proved; for a union of kinds, either. */
type CredentialOf<Kind> = Kind extends 'session' ? AuthenticatedSession : AuthenticatedKey;

/** What answers by itself: the door, since it has four ways in, uploads, since they are no JSON, and verifying, for its speed. */
type OwnTransport = 'gateway.trigger' | 'gateway.status' | 'executions.uploadOutput' | 'keys.verify';

/** What `perform` performs. */
export type PerformedId = Exclude<OperationId, OwnTransport>;

type CredentialFor<Id extends OperationId> = (typeof operations)[Id]['access'] extends {
  readonly families: readonly (infer Kind)[];
}
  ? CredentialOf<Kind>
  : undefined;

/** One call of an operation: its input, validated, and who makes it. */
export interface Call<Id extends OperationId> {
  readonly input: Input<Id>;
  readonly caller: Caller;
  /** The verified key or session; there is none where the operation is public. */
  readonly credential: CredentialFor<Id>;
  /** Aborts when nobody waits for the answer any more. */
  readonly hungUp: () => AbortSignal;
}

type Handler<Id extends OperationId> = (
  deps: DomainDeps & Audited,
  call: Call<Id>,
) => Output<Id> | Promise<Output<Id>>;

function founder(deps: DomainDeps, principal: Principal): Founder {
  return {
    ownerId: principal.userId ?? undefined,
    confirm: (trx, now) => requireLive(deps, trx, principal, now),
  };
}

/** Of a key that only organizations have. */
function organizationOf({ principal: { organizationId } }: AuthenticatedKey): string {
  if (organizationId === null) throw new Error('a key without an organization');
  return organizationId;
}

/** An operation without a handler does not compile. */
const handlers: { readonly [Id in PerformedId]: Handler<Id> } = {
  'otp.requestSignup': (deps, { input, caller }) => requestCode(deps, 'signup', input, caller),
  'otp.completeSignup': (deps, { input }) => completeSignup(deps, input),
  'otp.requestLogin': (deps, { input, caller }) => requestCode(deps, 'login', input, caller),
  'otp.completeLogin': (deps, { input }) => completeLogin(deps, input),
  'organizations.create': (deps, { input, credential }) =>
    createOrganization(deps, founder(deps, credential.principal), input),
  'organizations.get': (deps, { input, credential }) => getOrganization(deps, credential.principal, input),
  'organizations.update': (deps, { input, credential }) =>
    updateOrganization(deps, credential.principal, input),
  'organizations.settings': (deps, { input, credential }) => settingsOf(deps, credential.principal, input),
  'keys.whoami': (_deps, { credential }) => whoami(credential),
  'keys.createForOrganization': (deps, { input, credential }) =>
    createForOrganization(deps, credential.principal, input),
  'keys.listOfOrganization': (deps, { input, credential }) =>
    listOfOrganization(deps, credential.principal, input),
  'keys.inventory': (deps, { input, credential }) => listKeyInventory(deps, credential.principal, input),
  'keys.activity': (deps, { input, credential }) => activityOfKey(deps, credential.principal, input),
  'organizations.activity': (deps, { input, credential }) =>
    activityOfOrganization(deps, credential.principal, input),
  'keys.createPersonal': (deps, { input, credential }) => createPersonal(deps, credential.principal, input),
  'keys.update': (deps, { input, credential }) => updateKey(deps, credential.principal, input),
  'keys.revoke': (deps, { input, credential }) => revokeKey(deps, credential.principal, input),
  'keys.disable': (deps, { input, credential }) => disableKey(deps, credential.principal, input),
  'keys.enable': (deps, { input, credential }) => enableKey(deps, credential.principal, input),
  'keys.revokeOwn': (deps, { credential }) => revokeOwn(deps, credential),
  'keys.reportLeaked': (deps, { input, caller }) => reportLeaked(deps, input, caller.address),
  'keys.verifyMany': (deps, { input, credential }) => verifyMany(deps, organizationOf(credential), input),
  'verifiers.renewLease': (deps, { input, credential, hungUp }) =>
    renewLease(deps, { ...credential.principal, asOf: deps.knownKeys.asOf(credential) }, input, hungUp()),
  'verifiers.releaseLease': (deps, { input, credential }) => releaseLease(deps, credential.principal, input),
  'tokens.exchange': (deps, { input, credential }) => exchangeKey(deps, credential, input),
  'environmentKeys.update': (deps, { input, credential }) =>
    updateEnvironmentKey(deps, credential.principal, input),
  'environmentKeys.disable': (deps, { input, credential }) =>
    disableEnvironmentKey(deps, credential.principal, input),
  'environmentKeys.enable': (deps, { input, credential }) =>
    enableEnvironmentKey(deps, credential.principal, input),
  'sessions.me': (deps, { credential }) => me(deps, credential.session),
  'sessions.list': (deps, { credential }) => listSessions(deps, credential.session),
  'sessions.end': (deps, { input, credential }) => endSession(deps, credential.session, input),
  'sessions.endAll': (deps, { credential }) => endAllSessions(deps, credential.session),
  'members.list': (deps, { input, credential }) => listOfMembers(deps, credential.principal, input),
  'members.invite': (deps, { input, credential }) => inviteMember(deps, credential.principal, input),
  'members.changeRole': (deps, { input, credential }) => changeRole(deps, credential.principal, input),
  'members.remove': (deps, { input, credential }) => removeMember(deps, credential.principal, input),
  'workspaces.create': (deps, { input, credential }) => createWorkspace(deps, credential.principal, input),
  'workspaces.list': (deps, { input, credential }) => listOfEnvironment(deps, credential.principal, input),
  'workspaces.delete': (deps, { input, credential }) => deleteWorkspace(deps, credential.principal, input),
  'workspaces.setLevel': (deps, { input, credential }) => setLevel(deps, credential.principal, input),
  'environmentKeys.create': (deps, { input, credential }) =>
    createEnvironmentKey(deps, credential.principal, input),
  'environmentKeys.list': (deps, { input, credential }) => listEnvironmentKeys(deps, credential, input),
  'environmentKeys.rotate': (deps, { input, credential }) =>
    rotateEnvironmentKey(deps, credential.principal, input),
  'environmentKeys.revoke': (deps, { input, credential }) =>
    revokeEnvironmentKey(deps, credential.principal, input),
  'environmentKeys.whoami': (deps, { input, credential }) => whoamiOfEnvironment(deps, credential, input),
  'projects.create': (deps, { input, credential }) => createProject(deps, credential.principal, input),
  'projects.list': (deps, { input, credential }) => listProjects(deps, credential.principal, input),
  'projects.get': (deps, { input, credential }) => getProject(deps, credential.principal, input),
  'instances.create': (deps, { input, credential }) => createInstance(deps, credential.principal, input),
  'instances.list': (deps, { input, credential }) => listInstances(deps, credential.principal, input),
  'instances.statistics': (deps, { input, credential }) =>
    instanceStatistics(deps, credential.principal, input),
  'instances.get': (deps, { input, credential }) => getInstance(deps, credential.principal, input),
  'instances.update': (deps, { input, credential }) => updateInstance(deps, credential.principal, input),
  'instances.activate': (deps, { input, credential }) => activateInstance(deps, credential.principal, input),
  'instances.deactivate': (deps, { input, credential }) =>
    deactivateInstance(deps, credential.principal, input),
  'instances.archive': (deps, { input, credential }) => archiveInstance(deps, credential.principal, input),
  'instances.revealKey': (deps, { input, credential }) => revealKey(deps, credential.principal, input),
  'instances.regenerateKey': (deps, { input, credential }) =>
    regenerateKey(deps, credential.principal, input),
  'instances.trigger': (deps, { input, credential }) => triggerAsPerson(deps, credential, input),
  'signingSecrets.add': (deps, { input, credential }) => addSigningSecret(deps, credential.principal, input),
  'signingSecrets.list': (deps, { input, credential }) =>
    listSigningSecrets(deps, credential.principal, input),
  'signingSecrets.deliveries': (deps, { input, credential }) =>
    listDeliveries(deps, credential.principal, input),
  'signingSecrets.test': (deps, { input, credential }) =>
    testSigningSecrets(deps, credential.principal, input),
  'signingSecrets.update': (deps, { input, credential }) =>
    labelSigningSecret(deps, credential.principal, input),
  'signingSecrets.retire': (deps, { input, credential }) =>
    retireSigningSecret(deps, credential.principal, input),
  'executions.list': (deps, { input, credential }) => listExecutions(deps, credential.principal, input),
  'executions.get': (deps, { input, credential }) => getExecution(deps, credential.principal, input),
  'executions.listOfOrganization': (deps, { input, credential }) =>
    listExecutionsOfOrganization(deps, credential.principal, input),
  'executions.rerun': (deps, { input, credential }) => rerunExecution(deps, credential, input),
  'executions.create': (deps, { input }) => createExecution(deps, input),
  'executions.submitResult': (deps, { input }) => submitResult(deps, input),
  'executions.submitError': (deps, { input }) => submitError(deps, input),
  'audit.list': (deps, { input, credential }) => listEvents(deps, credential.principal, input),
  'audit.export': (deps, { input, credential }) => exportChain(deps, credential.principal, input),
};

/** A call whose input is still to be validated. */
export interface Request {
  readonly caller: Caller;
  readonly credential: Credential | undefined;
  /** By what the request names itself, if it does. */
  readonly idempotencyKey: string | undefined;
  /** Aborts when nobody waits for the answer any more. */
  hungUp(): AbortSignal;
  /** Validates the input against the operation's schema; throws what is wrong with it. */
  readInput(): unknown;
}

/** Does what the credential of a request may; whoever used a key for it is noted. */
function notingUse<Result>(
  deps: DomainDeps,
  { scope }: CredentialAccess,
  { credential, caller }: Request,
  work: () => Promise<Result>,
): Promise<Result> {
  if (credential?.kind !== 'key') return work();
  const { row, counted } = credential;
  const used = scope === 'keys:verify' ? askerOf(credential) : { keyId: row.id, counted };
  return noting(deps, used, { address: caller.ip, client: caller.client }, work);
}

/** Only changes are done once, and a name is known by its credential only. */
function onceOf(
  deps: DomainDeps,
  id: OperationId,
  { credential, idempotencyKey }: Request,
): Once | undefined {
  if (idempotencyKey === undefined || credential === undefined) return undefined;
  return createOnce(deps, id, credential.principal, idempotencyKey);
}

/**
 * Performs an operation: family and scope are checked here, for every way in, before the input is looked at; what
 * the call may act on is checked by its handler. A change leaves one audit event: of its success in the transaction
 * that makes it, of a refusal in one of its own (docs/decisions/0007-audit.md).
 */
export async function perform<Id extends PerformedId>(
  deps: DomainDeps,
  id: Id,
  request: Request,
): Promise<Output<Id>> {
  const { caller, credential } = request;
  const { access, audit: rule }: Operation = operations[id];
  let input: unknown;
  let once: Once | undefined;
  async function allowed(audit: Recorder): Promise<Output<Id>> {
    input = request.readInput();
    const call = { input, caller, credential, hungUp: request.hungUp } as Call<Id>;
    const handle = async () => (handlers as Record<OperationId, Handler<Id>>)[id]({ ...deps, audit }, call);
    return once === undefined ? handle() : once.perform(input, handle);
  }
  async function work(audit: Recorder): Promise<Output<Id>> {
    if (access.kind !== 'key') return allowed(audit);
    if (credential === undefined) throw new Error(`${id} was called without a credential`);
    authorize(credential, access);
    return notingUse(deps, access, request, () => allowed(audit));
  }
  if (rule === undefined) return work(noRecorder);
  once = onceOf(deps, id, request);
  return audited(deps, {
    describe: () => describeCall(rule, request, input),
    chainOfRefusal: () => chainOfRefusal(deps, credential, input),
    work,
    claim: once?.claim,
    release: once?.release,
  });
}
