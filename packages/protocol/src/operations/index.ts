import type { z } from 'zod';
import type { Operation } from '../operation.ts';
import type { OperationId } from '../routes.ts';
import * as audit from './audit.ts';
import * as environmentKeyChanges from './environment-key-changes.ts';
import * as environmentKeys from './environment-keys.ts';
import * as executions from './executions.ts';
import * as gateway from './gateway.ts';
import * as instances from './instances.ts';
import * as keyActivity from './key-activity.ts';
import * as keyInventory from './key-inventory.ts';
import * as keys from './keys.ts';
import * as members from './members.ts';
import * as organizations from './organizations.ts';
import * as otp from './otp.ts';
import * as projects from './projects.ts';
import * as sessions from './sessions.ts';
import * as signingSecrets from './signing-secrets.ts';
import * as tokens from './tokens.ts';
import * as verification from './verification.ts';
import * as workspaces from './workspaces.ts';

/** The operation table: an id without an operation, or the reverse, does not compile. */
export const operations = {
  'otp.requestSignup': otp.requestSignup,
  'otp.completeSignup': otp.completeSignup,
  'otp.requestLogin': otp.requestLogin,
  'otp.completeLogin': otp.completeLogin,
  'organizations.create': organizations.createOrganization,
  'organizations.get': organizations.get,
  'organizations.update': organizations.update,
  'organizations.settings': organizations.settings,
  'keys.whoami': keys.whoami,
  'keys.createForOrganization': keys.createForOrganization,
  'keys.listOfOrganization': keys.listOfOrganization,
  'keys.inventory': keyInventory.inventory,
  'keys.activity': keyActivity.ofKey,
  'organizations.activity': keyActivity.ofOrganization,
  'keys.createPersonal': keys.createPersonal,
  'keys.update': keys.update,
  'keys.revoke': keys.revoke,
  'keys.disable': keys.disable,
  'keys.enable': keys.enable,
  'keys.revokeOwn': keys.revokeOwn,
  'keys.reportLeaked': keys.reportLeaked,
  'keys.verify': verification.verify,
  'keys.verifyMany': verification.verifyMany,
  'verifiers.renewLease': verification.renewLease,
  'verifiers.releaseLease': verification.releaseLease,
  'tokens.exchange': tokens.exchange,
  'sessions.me': sessions.me,
  'sessions.list': sessions.list,
  'sessions.end': sessions.end,
  'sessions.endAll': sessions.endAll,
  'members.list': members.list,
  'members.invite': members.invite,
  'members.changeRole': members.changeRole,
  'members.remove': members.remove,
  'workspaces.create': workspaces.create,
  'workspaces.list': workspaces.list,
  'workspaces.delete': workspaces.deleteWorkspace,
  'workspaces.setLevel': workspaces.setLevel,
  'environmentKeys.create': environmentKeys.create,
  'environmentKeys.list': environmentKeys.list,
  'environmentKeys.rotate': environmentKeys.rotate,
  'environmentKeys.revoke': environmentKeys.revoke,
  'environmentKeys.update': environmentKeyChanges.update,
  'environmentKeys.disable': environmentKeyChanges.disable,
  'environmentKeys.enable': environmentKeyChanges.enable,
  'environmentKeys.whoami': environmentKeys.whoami,
  'projects.create': projects.create,
  'projects.list': projects.list,
  'projects.get': projects.get,
  'instances.create': instances.create,
  'instances.list': instances.list,
  'instances.statistics': instances.statistics,
  'instances.get': instances.get,
  'instances.update': instances.update,
  'instances.activate': instances.activate,
  'instances.deactivate': instances.deactivate,
  'instances.archive': instances.archive,
  'instances.revealKey': instances.revealKey,
  'instances.regenerateKey': instances.regenerateKey,
  'instances.trigger': instances.trigger,
  'signingSecrets.add': signingSecrets.add,
  'signingSecrets.list': signingSecrets.list,
  'signingSecrets.deliveries': signingSecrets.deliveries,
  'signingSecrets.test': signingSecrets.test,
  'signingSecrets.update': signingSecrets.update,
  'signingSecrets.retire': signingSecrets.retire,
  'gateway.trigger': gateway.trigger,
  'gateway.status': gateway.status,
  'executions.list': executions.list,
  'executions.get': executions.get,
  'executions.listOfOrganization': executions.listOfOrganization,
  'executions.rerun': executions.rerun,
  'executions.create': executions.create,
  'executions.submitResult': executions.submitResult,
  'executions.submitError': executions.submitError,
  'executions.uploadOutput': executions.uploadOutput,
  'audit.list': audit.list,
  'audit.export': audit.exportChain,
} as const satisfies Record<OperationId, Operation>;

type Operations = typeof operations;

/** What a handler receives: validated, with defaults filled in. */
export type Input<Id extends OperationId> = z.output<Operations[Id]['input']>;
/** What a caller sends: defaults may be left out. */
export type Request<Id extends OperationId> = z.input<Operations[Id]['input']>;
/** What a handler returns and a caller gets as `data`. */
export type Output<Id extends OperationId> = z.output<Operations[Id]['output']>;
