import * as field from '../fields.ts';
import { forwardAuthQuery } from '../forward-auth.ts';
import { logoMimeTypes } from '../operations/organizations.ts';
import { errorResponses } from './responses.ts';
import { inputSchema } from './schemas.ts';

const status = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };

function json(description: string, schema: object) {
  return { description, content: { 'application/json': { schema } } };
}

function plain(operationId: string, tag: string, summary: string, responses: object): object {
  return { get: { operationId, tags: [tag], summary, security: [], responses } };
}

const oauthError = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
};

const logoContent = Object.fromEntries(logoMimeTypes.map((type) => [type, {}]));

const forwardAuthParameters = Object.entries(inputSchema(forwardAuthQuery).properties ?? {}).map(
  ([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(name === 'organization' && { required: true }),
    ...(description !== undefined && { description }),
    schema,
  }),
);

/** What the server answers beside the operations: no envelope around a success, and no key needed. */
export const servicePaths: Readonly<Record<string, object>> = {
  '/healthz': plain('service.health', 'Service', 'Say that the process is up', {
    '200': json('The process is up.', status),
  }),
  '/readyz': plain('service.readiness', 'Service', 'Say whether the server can serve', {
    '200': json('The server can serve.', status),
    ...errorResponses(['UNAVAILABLE']),
  }),
  '/metrics': plain('service.metrics', 'Service', 'Read the metrics', {
    '200': {
      description: 'Metrics in the text format of Prometheus.',
      content: { 'text/plain': { schema: { type: 'string' } } },
    },
  }),
  '/openapi.json': plain('service.openapi', 'Service', 'Read this document', {
    '200': json('This document.', { type: 'object' }),
  }),
  '/.well-known/jwks.json': plain('service.principalKeys', 'Service', 'Read the keys of signed principals', {
    '200': {
      description: 'The keys (RFC 7517) that targets check the principals they are sent with.',
      content: { 'application/jwk-set+json': { schema: { type: 'object' } } },
    },
  }),
  '/v1/organizations/{organizationId}/logo': {
    parameters: [{ name: 'organizationId', in: 'path', required: true, schema: inputSchema(field.id) }],
    ...plain('organizations.logo', 'Organizations', 'Read the logo of an organization', {
      '200': { description: 'The picture, as it was given.', content: logoContent },
      '304': { description: 'It is still the picture that If-None-Match names.' },
      ...errorResponses(['NOT_FOUND']),
    }),
  },
  '/v1/introspect': {
    post: {
      operationId: 'keys.introspect',
      tags: ['Keys'],
      summary: 'Ask about a key as RFC 7662 does',
      security: [{ bearer: [] }],
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': {
            schema: {
              type: 'object',
              required: ['token'],
              properties: { token: { type: 'string' }, token_type_hint: { type: 'string' } },
            },
          },
        },
      },
      responses: {
        '200': json('What is known of an active key; of any other that it is not active.', {
          type: 'object',
          required: ['active'],
          properties: { active: { type: 'boolean' } },
        }),
        '400': json('The form does not hold one token.', oauthError),
        '401': json('The caller has no key that is good.', oauthError),
        '403': json('The key of the caller may not verify.', oauthError),
      },
    },
  },
  '/v1/forward-auth': {
    parameters: [
      {
        name: 'X-Latchkey-Verifier-Key',
        in: 'header',
        required: true,
        description: 'The key of the proxy: of the organization, with the scope `keys:verify`',
        schema: { type: 'string' },
      },
      ...forwardAuthParameters,
    ],
    ...plain('keys.forwardAuth', 'Keys', 'Verify the key of a visitor for a proxy', {
      '200': { description: 'Let the visitor in; `X-Latchkey-Identity` says, signed, who it is.' },
      '401': { description: 'There is no key, or none that is valid; `WWW-Authenticate` says so.' },
      '403': { description: 'The key is not good for this.' },
      '429': { description: 'The limits or the budget of the key are used up.' },
      ...errorResponses([
        'INVALID_REQUEST',
        'CREDENTIALS_CONFLICT',
        'FORWARD_AUTH_MISCONFIGURED',
        'UNAVAILABLE',
      ]),
    }),
  },
};
