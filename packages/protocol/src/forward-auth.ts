import { z } from 'zod';
import * as field from './fields.ts';

/** RFC 6749, 3.3; they are repeated in a header. */
const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;

const scopeNames = z
  .array(z.string().regex(scopeName, 'must be the name of a scope'))
  .min(1)
  .max(50)
  .describe('May be given several times');

/**
 * What a proxy says in the query of `GET /v1/forward-auth`, where no visitor reaches: whose keys open what lies behind
 * it, and what they have to be good for. A name that is not known is refused, so that no condition is lost by a typo.
 */
export const forwardAuthQuery = z
  .strictObject({
    organization: field.id.describe('Whose keys are accepted; the key of the proxy must be of the same'),
    scope: scopeNames.optional().describe('All of these; given once for each'),
    any_scope: scopeNames.optional().describe('At least one of these; given once for each'),
    environment: field.environment.optional(),
    workspace: field.slug.optional(),
    resource: z.string().min(1).max(200).optional(),
    resource_from: z
      .literal('path')
      .optional()
      .describe('The resource is the path that the visitor asks for'),
    audience: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible characters')
      .optional()
      .describe('Who the identity is for; the forwarded host unless told'),
    nginx: z
      .literal('1')
      .optional()
      .describe(
        'For auth_request, which passes on 401 and 403 only: others become 403, with X-Latchkey-Status',
      ),
  })
  .refine(({ resource, resource_from: from }) => resource === undefined || from === undefined, {
    path: ['resource_from'],
    message: 'must not stand beside resource',
  });

/** Where to ask. */
export const forwardAuthPath = '/v1/forward-auth';

/** The header with which a proxy proves itself: an organization key with `keys:verify`. */
export const verifierKeyHeader = 'x-latchkey-verifier-key';

/** The header that says, signed, who comes. */
export const identityHeader = 'x-latchkey-identity';

/** What the header `typ` of an identity says, so that no other token of this server is taken for one (RFC 8725, 3.11). */
export const identityType = 'latchkey-identity+jwt';
