import type { EngineCall, EngineOutcome } from '../engine.ts';
import { AnswerInvalidError, resultOf, retryAfterOf } from './answer.ts';
import type { Verdict } from './breaker.ts';
import { AnswerTooLargeError, type Exchange } from './exchange.ts';
import { type FailureCode, failed } from './failures.ts';
import { TargetBlockedError } from './target-policy.ts';

/** What is known of a call beside its exchange. */
export interface Circumstances {
  /** Host and port. */
  readonly target: string;
  readonly mode: EngineCall['mode'];
  readonly nowMs: number;
  /** Why the call was ended from this side, where it was. */
  readonly ended: 'TARGET_TIMEOUT' | 'CALL_ABORTED' | undefined;
}

const tlsCodes =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH$|INVALID_)/;
const nameCodes = /^(ENOTFOUND|ENODATA|EAI_)/;
const closedCodes = /^UND_ERR_(DESTROYED|CLOSED)$/;

function errorCodeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

/** Why nothing was sent. */
function connectFailure(error: Error): FailureCode {
  const code = errorCodeOf(error);
  if (error instanceof TargetBlockedError) return 'TARGET_NOT_ALLOWED';
  if (closedCodes.test(code)) return 'CALL_ABORTED';
  if (code === 'UND_ERR_INVALID_ARG') return 'CALL_FAILED';
  if (nameCodes.test(code)) return 'TARGET_NAME_UNKNOWN';
  return tlsCodes.test(code) ? 'TARGET_TLS_FAILED' : 'TARGET_UNREACHABLE';
}

/** Why what was sent got no whole answer. */
function answerFailure(error: Error): FailureCode {
  const code = errorCodeOf(error);
  if (error instanceof AnswerTooLargeError) return 'TARGET_ANSWER_TOO_LARGE';
  if (closedCodes.test(code)) return 'CALL_ABORTED';
  const isNotHttp = error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW';
  return isNotHttp ? 'TARGET_ANSWER_INVALID' : 'TARGET_CONNECTION_LOST';
}

function statusFailure(status: number): FailureCode {
  if (status < 400) return 'TARGET_REDIRECTED';
  if (status === 408 || status === 425 || status === 429) return 'TARGET_BUSY';
  if (status < 500) return 'TARGET_REFUSED';
  return status >= 502 && status <= 504 ? 'TARGET_UNAVAILABLE' : 'TARGET_FAILED';
}

/** Whether a target says that it has done nothing with the request, and that it may come again. */
function isTurnedAway(status: number, retryAfterMs: number | undefined): boolean {
  return status === 425 || status === 429 || (status === 503 && retryAfterMs !== undefined);
}

function readResult(exchange: Exchange, target: string): EngineOutcome {
  try {
    return { kind: 'answered', result: resultOf(exchange.head?.headers ?? {}, exchange.body) };
  } catch (error) {
    if (error instanceof AnswerInvalidError) return failed('TARGET_ANSWER_INVALID', { target });
    throw error;
  }
}

/** What an exchange means. A status stands, also where the rest of the answer was lost and nobody needs it. */
export function outcomeOf(exchange: Exchange, circumstances: Circumstances): EngineOutcome {
  const { target, mode, nowMs, ended } = circumstances;
  const { head, failure, started } = exchange;
  if (head !== undefined && head.status >= 300) {
    const { status, headers } = head;
    const retryAfterMs = status === 429 || status === 503 ? retryAfterOf(headers, nowMs) : undefined;
    return failed(statusFailure(status), {
      target,
      status,
      retryAfterMs,
      unsent: isTurnedAway(status, retryAfterMs),
    });
  }
  if (head !== undefined && mode === 'callback') return { kind: 'answered', result: null };
  if (failure === undefined) return readResult(exchange, target);
  const code = ended ?? (started ? answerFailure(failure) : connectFailure(failure));
  return failed(code, { target, unsent: !started });
}

const downCodes: ReadonlySet<string> = new Set<FailureCode>([
  'TARGET_NAME_UNKNOWN',
  'TARGET_UNREACHABLE',
  'TARGET_TLS_FAILED',
  'TARGET_UNAVAILABLE',
  'TARGET_CONNECTION_LOST',
]);
const unknownCodes: ReadonlySet<string> = new Set<FailureCode>([
  'TARGET_NOT_ALLOWED',
  'TARGET_TIMEOUT',
  'CALL_ABORTED',
  'CALL_FAILED',
]);

/**
 * What an outcome says of the target: one that answers is there, whatever it answers, but for what proxies answer in
 * its place (502, 503, 504). A deadline says nothing: workflows take as long as they take.
 */
export function verdictOf(outcome: EngineOutcome): Verdict {
  if (outcome.kind === 'answered') return 'up';
  if (downCodes.has(outcome.error.code)) return 'down';
  return unknownCodes.has(outcome.error.code) ? 'unknown' : 'up';
}
