import type { IncomingMessage } from 'node:http';
import { containsKey } from '@latchkey/keys';
import { LatchkeyError, type Question, verifierKeyHeader } from '@latchkey/protocol';
import { misconfigured } from '../domains/verification/index.ts';
import type { ProxyQuestion } from './forward-auth-question.ts';
import { resourceOfPath } from './forwarded-path.ts';

/** The one value of a header; none where it was not sent. Several are never chosen between. */
function oneOf({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  let value: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const other = rawHeaders[index] ?? '';
    if (other.length !== name.length || other.toLowerCase() !== name) continue;
    if (value !== undefined) throw misconfigured(`${name}: was sent more than once.`);
    value = rawHeaders[index + 1]?.trim();
  }
  return value;
}

function requiredOf(request: IncomingMessage, name: string): string {
  const value = oneOf(request, name);
  if (value === undefined || value === '') throw misconfigured(`${name}: was not sent.`);
  return value;
}

/** The key with which the proxy proves itself, not verified. Throws `FORWARD_AUTH_MISCONFIGURED` unless there is one. */
export function verifierKeyOf(request: IncomingMessage): string {
  return requiredOf(request, verifierKeyHeader);
}

/**
 * Which header says what the visitor has asked for. It is one of two, never the other for want of the first: what
 * the proxy does not set, the visitor can.
 */
function targetHeader({ isNginx }: ProxyQuestion): string {
  return isNginx ? 'x-original-uri' : 'x-forwarded-uri';
}

function unescaped(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

function holdsKey(target: string): boolean {
  return containsKey(target) || (target.includes('%') && containsKey(unescaped(target)));
}

/** Throws `KEY_IN_URL_REFUSED` where a key stands in the URL that the visitor has asked for. */
export function refuseKeyInTarget(request: IncomingMessage, asked: ProxyQuestion): void {
  const target = oneOf(request, targetHeader(asked));
  if (target === undefined || !holdsKey(target)) return;
  const reason = 'it is taken from headers only.';
  const advice =
    'Send the key in its header. If others can read the logs on the way here, revoke it and mint another.';
  throw new LatchkeyError('KEY_IN_URL_REFUSED', { fill: { reason, advice } });
}

/** The whole question, with the path of this visitor where that is the resource. Throws `INVALID_REQUEST`. */
export function questionFor(request: IncomingMessage, asked: ProxyQuestion): Question {
  if (!asked.isResourceThePath) return asked.question;
  return { ...asked.question, resource: resourceOfPath(requiredOf(request, targetHeader(asked))) };
}

/** Who the identity is for: whom the proxy names, or else the host that the visitor has asked for. */
export function audienceFor(request: IncomingMessage, { audience }: ProxyQuestion): string {
  return audience ?? requiredOf(request, 'x-forwarded-host');
}
