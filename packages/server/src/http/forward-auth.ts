import {
  type ErrorEnvelope,
  forwardAuthPath,
  identityHeader,
  LatchkeyError,
  messageOfVerdict,
  rateLimitHeaders,
  statusOfVerdict,
} from '@latchkey/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Admission, createForwardAuth, type ForwardAuthDeps } from '../domains/verification/index.ts';
import { errorEnvelope, sendError, toLatchkeyError } from './answers.ts';
import { callerOf } from './caller.ts';
import { keysInHeaders, onlyOne } from './credentials.ts';
import { createQuestionReader, type ProxyQuestion } from './forward-auth-question.ts';
import { audienceFor, questionFor, refuseKeyInTarget, verifierKeyOf } from './forwarded-request.ts';
import { refuseKeysInUrl } from './query-key.ts';

function queryOf({ raw: { url = '' } }: FastifyRequest): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}

/** Where the visitor is, as far as a proxy that is trusted says so: the address of the proxy itself opens nothing. */
function visitorIp(request: FastifyRequest): string | undefined {
  return (request.ips?.length ?? 0) > 1 ? callerOf(request).ip : undefined;
}

/** What is said to a visitor who is not let in. */
interface Refusal {
  readonly status: number;
  readonly error: ErrorEnvelope['error'];
}

/** RFC 6750, 3.1: no error attribute where no credential was sent. */
function challengeOf({ status, error: { code } }: Refusal, { question }: ProxyQuestion): string | undefined {
  const realm = 'Bearer realm="latchkey"';
  if (code === 'UNAUTHORIZED') return realm;
  if (status === 401) return `${realm}, error="invalid_token"`;
  if (code !== 'SCOPE_MISSING') return undefined;
  const scopes = [...(question.allScopes ?? []), ...(question.anyScope ?? [])].join(' ');
  return `${realm}, error="insufficient_scope", scope="${scopes}"`;
}

/**
 * nginx hands on 401 and 403 and makes a failure of everything else: what is the visitor's doing becomes 403, and a
 * header says what it was.
 */
function statusFor({ status, error: { code } }: Refusal, reply: FastifyReply, isNginx: boolean): number {
  if (!isNginx) return status;
  reply.header('x-latchkey-status', status).header('x-latchkey-code', code);
  return status === 401 ? 401 : 403;
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal, asked: ProxyQuestion): void {
  request.outcome = refusal.error.code;
  const challenge = challengeOf(refusal, asked);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  const status = statusFor(refusal, reply, asked.isNginx);
  reply.code(status).send({ success: false, error: refusal.error, requestId: request.id });
}

function tellLimit(reply: FastifyReply, { code, rateLimit }: Admission): void {
  if (rateLimit === null) return;
  reply.headers(rateLimitHeaders([{ name: 'key', ...rateLimit }]));
  if (code === 'RATE_LIMITED') reply.header('retry-after', rateLimit.resetSeconds);
}

function refusalOf({ code }: Admission): Refusal {
  return { status: statusOfVerdict(code), error: { code, message: messageOfVerdict(code) } };
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  admission: Admission,
  asked: ProxyQuestion,
): void {
  const { keyId, identity } = admission;
  request.keyId = keyId;
  tellLimit(reply, admission);
  if (identity === undefined) refuse(request, reply, refusalOf(admission), asked);
  else reply.header(identityHeader, identity).send();
}

/** What is wrong with the proxy, or with this server, is told as such: it is not for the visitor to put right. */
function answerError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: LatchkeyError,
  asked: ProxyQuestion | undefined,
): void {
  const { status, code, details } = error;
  const refusal = { status, error: errorEnvelope(error, request.id).error };
  if (asked !== undefined && status < 500) {
    refuse(request, reply, refusal, asked);
  } else if (code === 'FORWARD_AUTH_MISCONFIGURED') {
    // No failure of this server, and strangers can ask wrongly as often as they like.
    request.log.warn({ requestId: request.id, code, ...details }, 'a proxy does not ask as it has to');
    request.outcome = code;
    reply.code(status).send({ success: false, error: refusal.error, requestId: request.id });
  } else {
    sendError(request, reply, error);
  }
}

/**
 * Verifies the key of a visitor for the proxy that he comes through (docs/guides/forward-auth.md): the verdict by
 * status, who it is as one signed header.
 */
export function registerForwardAuth(app: FastifyInstance, deps: ForwardAuthDeps): void {
  const readQuestion = createQuestionReader();
  const forwardAuth = createForwardAuth(deps);

  async function admit(request: FastifyRequest, asked: ProxyQuestion): Promise<Admission> {
    const { raw } = request;
    // Its own address, not that of the visitor.
    const verifier = { secret: verifierKeyOf(raw), ip: raw.socket.remoteAddress ?? 'unknown' };
    await forwardAuth.requireVerifier(verifier, asked.organizationId);
    refuseKeyInTarget(raw, asked);
    const presented = onlyOne(keysInHeaders(request));
    if (presented === undefined) throw new LatchkeyError('UNAUTHORIZED');
    return await forwardAuth.admit({
      key: presented.secret,
      organizationId: asked.organizationId,
      question: questionFor(raw, asked),
      audience: audienceFor(raw, asked),
      ip: visitorIp(request),
    });
  }

  app.get(forwardAuthPath, { config: { operation: 'forwardAuth' } }, async (request, reply) => {
    let asked: ProxyQuestion | undefined;
    try {
      refuseKeysInUrl(request);
      asked = readQuestion(queryOf(request));
      answer(request, reply, await admit(request, asked), asked);
    } catch (error) {
      answerError(request, reply, toLatchkeyError(error), asked);
    }
    return reply;
  });
}
