import {
  type ErrorEnvelope,
  identityHeader,
  type LatchkeyError,
  messageOfVerdict,
  rateLimitHeaders,
  statusOfVerdict,
} from '@latchkey/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../domains/verification/index.ts';
import { errorEnvelope, sendError } from './answers.ts';
import type { ProxyQuestion } from './forward-auth-question.ts';

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

function limitHeaders({ code, rateLimit }: Admission): Readonly<Record<string, string>> {
  if (rateLimit === null) return {};
  const told = rateLimitHeaders([{ name: 'key', ...rateLimit }]);
  return code === 'RATE_LIMITED' ? { ...told, 'retry-after': String(rateLimit.resetSeconds) } : told;
}

/** Answers a verdict: the identity of who is let in, or why somebody is not. */
export function answerAdmission(
  request: FastifyRequest,
  reply: FastifyReply,
  admission: Admission,
  asked: ProxyQuestion,
): void {
  const { code, keyId, identity } = admission;
  request.keyId = keyId;
  reply.headers(limitHeaders(admission));
  const status = statusOfVerdict(code);
  if (identity !== undefined) reply.header(identityHeader, identity).send();
  else refuse(request, reply, { status, error: { code, message: messageOfVerdict(code) } }, asked);
}

/** What is wrong with the proxy, or with this server, is told as such: it is not for the visitor to put right. */
export function answerError(
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: LatchkeyError,
  asked: ProxyQuestion | undefined,
): void {
  const { status, code, details, internal } = thrown;
  const { error } = errorEnvelope(thrown, request.id);
  if (asked !== undefined && status < 500) {
    refuse(request, reply, { status, error }, asked);
  } else if (code === 'FORWARD_AUTH_MISCONFIGURED') {
    // No failure of this server, and strangers can ask wrongly as often as they like.
    const facts = { requestId: request.id, code, ...details, internal };
    request.log.warn(facts, 'a proxy does not ask as it has to');
    request.outcome = code;
    reply.code(status).send({ success: false, error, requestId: request.id });
  } else {
    sendError(request, reply, thrown);
  }
}
