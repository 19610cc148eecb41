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
} as const satisfies Record<string, Route>;

export type OperationId = keyof typeof routes;

/** All operation ids, in table order. */
export const operationIds = Object.keys(routes) as readonly OperationId[];

/** The names of the path parameters of a path, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1] as string);
}
