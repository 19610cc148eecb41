import { type ErrorEnvelope, errors, flatError, LatchkeyError } from '@latchkey/protocol';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the metadata of the API as a protected resource is (RFC 9728). */
    resourceMetadataUrl(): string;
  }
  interface FastifyContextConfig {
    /** The operation id, or the name of a page; what logs and metrics call the request. */
    operation?: string;
    /** Whether answers have no `data` and errors are text (contract/codika.md D.0). */
    flat?: boolean;
    /** Whether the body holds what somebody else has written (`opaqueFields`). */
    foreignBody?: boolean;
  }
  interface FastifyRequest {
    /** `OK` or an error code, once the request is answered. */
    outcome: string;
    /** The id of the key that was verified; may be logged. */
    keyId: string | undefined;
  }
}

const fastifyErrors: Record<string, ConstructorParameters<typeof LatchkeyError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE'],
  FST_REQ_FILE_TOO_LARGE: ['PAYLOAD_TOO_LARGE'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'INVALID_REQUEST',
    { details: { problem: 'the body is not as long as Content-Length says.' } },
  ],
  FST_ERR_BAD_URL: ['INVALID_REQUEST', { details: { problem: 'the path is not a valid URL path.' } }],
  FST_ERR_MAX_PARAM_LENGTH: ['INVALID_REQUEST', { details: { problem: 'a part of the path is too long.' } }],
};

/** The problem of a request that is refused before anything of it is understood. */
export const notUnderstood = 'it is not an HTTP request that this server understands.';

/** Anything that is not an error of the table becomes one; what is unknown becomes `INTERNAL` with nothing inside. */
export function toLatchkeyError(error: unknown): LatchkeyError {
  if (error instanceof LatchkeyError) return error;
  const { code = '', statusCode = 500 } = (error ?? {}) as Partial<FastifyError>;
  const known = fastifyErrors[code];
  if (known !== undefined) return new LatchkeyError(...known);
  // What Fastify refuses for a reason that is not in the table is still the caller's doing.
  if (code.startsWith('FST_') && statusCode < 500) {
    return new LatchkeyError('INVALID_REQUEST', { details: { problem: notUnderstood }, internal: code });
  }
  return new LatchkeyError('INTERNAL', { cause: error });
}

/** The public part of an error. */
export function errorEnvelope(error: LatchkeyError, requestId: string): ErrorEnvelope {
  const { code, message, nextAction, details } = error;
  return { success: false, error: { code, message, nextAction, ...(details && { details }) }, requestId };
}

/** What is said of a success, in the form of the place that was called. */
export function successAnswer(request: FastifyRequest, data: unknown): object {
  const { id: requestId } = request;
  if (!request.routeOptions.config.flat) return { success: true, data, requestId };
  return { success: true, ...(data as object), requestId };
}

/** RFC 6750: no error attribute where no credential was sent. RFC 9728: where to learn how to get one. */
function challenge(error: LatchkeyError, metadataUrl: string): string | undefined {
  const realm = `Bearer realm="latchkey", resource_metadata="${metadataUrl}"`;
  if (error.code === 'UNAUTHORIZED' || error.code === 'NOT_AUTHENTICATED') return realm;
  if (error.status === 401) return `${realm}, error="invalid_token"`;
  if (error.code === 'SCOPE_MISSING')
    return `${realm}, error="insufficient_scope", scope="${error.details?.scope}"`;
  return undefined;
}

function logFailure(request: FastifyRequest, error: LatchkeyError): void {
  const facts = { requestId: request.id, code: error.code, internal: error.internal };
  if (error.status >= 500) request.log.error({ ...facts, err: error.cause ?? error }, 'request failed');
  else if (error.internal !== undefined) request.log.info(facts, 'request refused');
}

/** Answers an error in the envelope, with the headers that its code calls for. */
export function sendError(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toLatchkeyError(thrown);
  request.outcome = error.code;
  logFailure(request, error);
  const wwwAuthenticate = challenge(error, request.server.resourceMetadataUrl());
  if (wwwAuthenticate !== undefined) reply.header('www-authenticate', wwwAuthenticate);
  const retryAfter = error.details?.retryInSeconds;
  if (typeof retryAfter === 'number') reply.header('retry-after', retryAfter);
  else if (errors[error.code].status === 503) reply.header('retry-after', 1);
  const envelope = errorEnvelope(error, request.id);
  return reply.code(error.status).send(request.routeOptions.config.flat ? flatError(envelope) : envelope);
}
