import type { IncomingHttpHeaders } from 'node:http';
import { dayMs, secondMs } from '../../platform/clock.ts';
import { isDeeper } from '../../platform/json-depth.ts';

/** The answer of a target is not what it says it is. */
export class AnswerInvalidError extends Error {
  override readonly name = 'AnswerInvalidError';
}

function parseJson(body: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new AnswerInvalidError('no JSON', { cause });
  }
  if (isDeeper(value)) throw new AnswerInvalidError('too deep');
  return value;
}

/**
 * The result that an answer holds: JSON where it says that it is, otherwise its text, `{}` for nothing. Throws
 * `AnswerInvalidError`.
 */
export function resultOf(headers: IncomingHttpHeaders, body: Buffer): unknown {
  if (body.length === 0) return {};
  // None was asked for.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw new AnswerInvalidError('encoded');
  const isJson = /^application\/([\w.+-]+\+)?json *(;|$)/i.test(headers['content-type'] ?? '');
  return isJson ? parseJson(body) : { text: body.toString('utf8') };
}

/** How long an answer asks to be left alone, in seconds or until a date (RFC 9110, 10.2.3); at most a day. */
export function retryAfterOf(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const text = headers['retry-after'] ?? '';
  const isDate = /^[A-Z][a-z]{2}.* GMT$/.test(text);
  const waitMs = isDate
    ? Date.parse(text) - nowMs
    : /^\d+$/.test(text)
      ? Number(text) * secondMs
      : Number.NaN;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), dayMs);
}
