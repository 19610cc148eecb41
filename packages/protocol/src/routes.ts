/**
 * Where each operation is answered. Free of dependencies, so that a client need not load schemas.
 *
 * `published` is the path of contract/codika.md D to F for the same operation and the same handler. A `flat` answer
 * has what it says beside `success` instead of in `data`, and its errors are text (contract/codika.md D.0).
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path parameters stand in braces and are taken out of the operation's input. */
  readonly path: `/${string}`;
  readonly flat?: boolean;
  readonly published?: {
    readonly method: 'GET' | 'POST';
    readonly path: `/${string}`;
    readonly flat?: boolean;
  };
}

export const routes = {
  'otp.requestSignup': {
    method: 'POST',
    path: '/v1/auth/signup/request',
    published: { method: 'POST', path: '/clirequestsignupotp' },
  },
  'otp.completeSignup': {
    method: 'POST',
    path: '/v1/auth/signup/complete',
    published: { method: 'POST', path: '/clicompletesignup' },
  },
  'otp.requestLogin': {
    method: 'POST',
    path: '/v1/auth/login/request',
    published: { method: 'POST', path: '/clirequestloginotp' },
  },
  'otp.completeLogin': {
    method: 'POST',
    path: '/v1/auth/login/complete',
    published: { method: 'POST', path: '/clicompletelogin' },
  },
  'organizations.create': {
    method: 'POST',
    path: '/v1/organizations',
    published: { method: 'POST', path: '/createorganizationviaapikey' },
  },
  'organizations.get': { method: 'GET', path: '/v1/organizations/{organizationId}' },
  'organizations.update': { method: 'PATCH', path: '/v1/organizations/{organizationId}' },
  'organizations.settings': { method: 'GET', path: '/v1/organizations/{organizationId}/settings' },
  'keys.whoami': {
    method: 'GET',
    path: '/v1/whoami',
    published: { method: 'POST', path: '/verifyapikey' },
  },
  'keys.createForOrganization': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/keys',
    published: { method: 'POST', path: '/createorganizationapikeypublic' },
  },
  'keys.listOfOrganization': { method: 'GET', path: '/v1/organizations/{organizationId}/keys' },
  'keys.inventory': { method: 'GET', path: '/v1/organizations/{organizationId}/key-inventory' },
  'keys.activity': {
    method: 'GET',
    path: '/v1/organizations/{organizationId}/key-inventory/{keyId}/activity',
  },
  'organizations.activity': { method: 'GET', path: '/v1/organizations/{organizationId}/activity' },
  'keys.createPersonal': { method: 'POST', path: '/v1/personal-keys' },
  'keys.update': {
    method: 'PATCH',
    path: '/v1/keys/{keyId}',
    published: { method: 'POST', path: '/updateorganizationapikeypublic' },
  },
  'keys.revoke': { method: 'POST', path: '/v1/keys/{keyId}/revoke' },
  'keys.disable': { method: 'POST', path: '/v1/keys/{keyId}/disable' },
  'keys.enable': { method: 'POST', path: '/v1/keys/{keyId}/enable' },
  'keys.revokeOwn': { method: 'POST', path: '/v1/keys/revoke-own' },
  'keys.reportLeaked': { method: 'POST', path: '/v1/keys/leaked' },
  'keys.verify': { method: 'POST', path: '/v1/keys/verify' },
  'keys.verifyMany': { method: 'POST', path: '/v1/keys/verify-many' },
  'verifiers.renewLease': { method: 'POST', path: '/v1/verifiers/lease' },
  'verifiers.releaseLease': { method: 'POST', path: '/v1/verifiers/release' },
  'tokens.exchange': { method: 'POST', path: '/v1/tokens' },
  'sessions.me': { method: 'GET', path: '/v1/auth/me' },
  'sessions.list': { method: 'GET', path: '/v1/auth/sessions' },
  'sessions.end': { method: 'POST', path: '/v1/auth/sessions/end' },
  'sessions.endAll': { method: 'POST', path: '/v1/auth/sessions/end-all' },
  'members.list': { method: 'GET', path: '/v1/organizations/{organizationId}/members' },
  'members.invite': { method: 'POST', path: '/v1/organizations/{organizationId}/members' },
  'members.changeRole': {
    method: 'PATCH',
    path: '/v1/organizations/{organizationId}/members/{memberId}',
  },
  'members.remove': { method: 'DELETE', path: '/v1/organizations/{organizationId}/members/{memberId}' },
  'workspaces.create': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/workspaces',
  },
  'workspaces.list': {
    method: 'GET',
    path: '/v1/organizations/{organizationId}/environments/{environment}/workspaces',
  },
  'workspaces.delete': {
    method: 'DELETE',
    path: '/v1/organizations/{organizationId}/environments/{environment}/workspaces/{slug}',
  },
  'workspaces.setLevel': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/workspaces/{slug}/levels',
  },
  'environmentKeys.create': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/keys',
  },
  'environmentKeys.list': {
    method: 'GET',
    path: '/v1/organizations/{organizationId}/environments/{environment}/keys',
  },
  // The key stands in the body: a secret given by mistake must not end up in a URL.
  'environmentKeys.rotate': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/keys/rotate',
  },
  'environmentKeys.revoke': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/keys/revoke',
  },
  'environmentKeys.update': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/keys/update',
  },
  'environmentKeys.disable': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/keys/disable',
  },
  'environmentKeys.enable': {
    method: 'POST',
    path: '/v1/organizations/{organizationId}/environments/{environment}/keys/enable',
  },
  'environmentKeys.whoami': { method: 'GET', path: '/v1/environments/{environment}/whoami' },
  'projects.create': {
    method: 'POST',
    path: '/v1/projects',
    published: { method: 'POST', path: '/createprojectviaapikey' },
  },
  'projects.list': {
    method: 'GET',
    path: '/v1/projects',
    published: { method: 'GET', path: '/listprojectspublic' },
  },
  'projects.get': {
    method: 'GET',
    path: '/v1/projects/{projectId}',
    published: { method: 'POST', path: '/getprojectpublic' },
  },
  'instances.create': { method: 'POST', path: '/v1/instances' },
  'instances.list': {
    method: 'GET',
    path: '/v1/instances',
    published: { method: 'GET', path: '/listprocessinstancespublic' },
  },
  'instances.statistics': {
    method: 'GET',
    path: '/v1/organizations/{organizationId}/instance-statistics',
  },
  'instances.get': {
    method: 'GET',
    path: '/v1/instances/{processInstanceId}',
    published: { method: 'POST', path: '/getprocessinstancepublic' },
  },
  'instances.update': { method: 'PATCH', path: '/v1/instances/{processInstanceId}' },
  'instances.activate': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/activate',
    published: { method: 'POST', path: '/activateprocessinstancepublic' },
  },
  'instances.deactivate': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/deactivate',
    published: { method: 'POST', path: '/deactivateprocessinstancepublic' },
  },
  'instances.archive': { method: 'POST', path: '/v1/instances/{processInstanceId}/archive' },
  'instances.revealKey': { method: 'POST', path: '/v1/instances/{processInstanceId}/key/reveal' },
  'instances.regenerateKey': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/key/regenerate',
  },
  'instances.trigger': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/workflows/{workflowId}/trigger',
  },
  'signingSecrets.add': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/workflows/{workflowId}/signing-secrets',
  },
  'signingSecrets.list': {
    method: 'GET',
    path: '/v1/instances/{processInstanceId}/workflows/{workflowId}/signing-secrets',
  },
  'signingSecrets.deliveries': {
    method: 'GET',
    path: '/v1/instances/{processInstanceId}/workflows/{workflowId}/signing-secrets/deliveries',
  },
  'signingSecrets.test': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/workflows/{workflowId}/signing-secrets/test',
  },
  'signingSecrets.update': {
    method: 'PATCH',
    path: '/v1/instances/{processInstanceId}/workflows/{workflowId}/signing-secrets/{signingSecretId}',
  },
  'signingSecrets.retire': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/workflows/{workflowId}/signing-secrets/{signingSecretId}/retire',
  },
  'gateway.trigger': {
    method: 'POST',
    path: '/webhook/{processInstanceId}/{workflowId}',
    flat: true,
    published: { method: 'POST', path: '/triggerwebhookpublic/{processInstanceId}/{workflowId}', flat: true },
  },
  'gateway.status': {
    method: 'GET',
    path: '/status/{processInstanceId}/{executionId}',
    flat: true,
    published: {
      method: 'GET',
      path: '/getexecutionstatuspublic/{processInstanceId}/{executionId}',
      flat: true,
    },
  },
  'executions.list': {
    method: 'GET',
    path: '/v1/instances/{processInstanceId}/executions',
    published: { method: 'GET', path: '/listexecutionspublic/{processInstanceId}' },
  },
  'executions.get': {
    method: 'GET',
    path: '/v1/instances/{processInstanceId}/executions/{executionId}',
    published: {
      method: 'GET',
      path: '/getexecutiondetailspublic/{processInstanceId}/{executionId}',
      flat: true,
    },
  },
  'executions.listOfOrganization': {
    method: 'GET',
    path: '/v1/organizations/{organizationId}/executions',
  },
  'executions.rerun': {
    method: 'POST',
    path: '/v1/instances/{processInstanceId}/executions/{executionId}/rerun',
  },
  'executions.create': {
    method: 'POST',
    path: '/v1/executions',
    flat: true,
    published: { method: 'POST', path: '/createworkflowexecution', flat: true },
  },
  'executions.submitResult': {
    method: 'POST',
    path: '/v1/executions/result',
    flat: true,
    published: { method: 'POST', path: '/submitworkflowresult', flat: true },
  },
  'executions.submitError': {
    method: 'POST',
    path: '/v1/executions/error',
    flat: true,
    published: { method: 'POST', path: '/submitworkflowerror', flat: true },
  },
  'executions.uploadOutput': {
    method: 'POST',
    path: '/v1/executions/output',
    flat: true,
    published: { method: 'POST', path: '/uploadworkflowoutput', flat: true },
  },
  'audit.list': { method: 'GET', path: '/v1/organizations/{organizationId}/audit' },
  'audit.export': { method: 'GET', path: '/v1/organizations/{organizationId}/audit/export' },
} as const satisfies Record<string, Route>;

export type OperationId = keyof typeof routes;

/** All operation ids, in table order. */
export const operationIds = Object.keys(routes) as readonly OperationId[];

/** The names of the path parameters of a path, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1] as string);
}
