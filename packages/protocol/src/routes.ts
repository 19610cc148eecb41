/**
 * Where each operation is answered. Free of dependencies, so that a client need not load schemas.
 *
 * `published` is the path of contract/codika.md D for the same operation and the same handler.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path parameters stand in braces and are taken out of the operation's input. */
  readonly path: `/v1/${string}`;
  readonly published?: { readonly method: 'GET' | 'POST'; readonly path: `/${string}` };
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
  'keys.createPersonal': { method: 'POST', path: '/v1/personal-keys' },
  'keys.update': {
    method: 'PATCH',
    path: '/v1/keys/{keyId}',
    published: { method: 'POST', path: '/updateorganizationapikeypublic' },
  },
  'keys.revoke': { method: 'POST', path: '/v1/keys/{keyId}/revoke' },
  'sessions.me': { method: 'GET', path: '/v1/auth/me' },
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
  'environmentKeys.whoami': { method: 'GET', path: '/v1/environments/{environment}/whoami' },
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
