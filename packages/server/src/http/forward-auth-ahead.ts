import type { IncomingMessage, Server } from 'node:http';
import { forwardAuthPath, identityHeader, verifierKeyHeader } from '@latchkey/protocol';
import type { ForwardAuth } from '../domains/verification/index.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { AheadAnswer } from './answer-ahead.ts';
import { plainKeyOf } from './credentials.ts';
import type { ProxyQuestion } from './forward-auth-question.ts';
import { audienceFor, questionFor, refuseKeyInTarget, verifierKeyOf } from './forwarded-request.ts';

/** What every request to here begins with. */
const start = `${forwardAuthPath}?`;

/** As `writeHead` takes them without looking at each again; no visitor gets to see this answer. */
const fixedHeaders: readonly string[] = ['cache-control', 'no-store', 'content-length', '0'];

/** A key in the URL is not looked for: a question that has such a parameter cannot be read. */
function isPlain({ method, url = '', headers }: IncomingMessage): boolean {
  if (method !== 'GET' || !url.startsWith(start)) return false;
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

/** What is said ahead of the framework. */
export interface AheadDeps {
  readonly server: Server;
  readonly metrics: Metrics;
  readonly forwardAuth: ForwardAuth;
  readonly readQuestion: (query: string) => ProxyQuestion;
}

/**
 * Lets visitors in whose key is known, not counted and bound to no address, which are nearly all: their identity has
 * been signed already, and the answer is that and a status. No line is logged for it. Everything else, each refusal
 * included, is for the framework's route, and starts there from the beginning.
 */
export function createAheadAnswer({ server, metrics, forwardAuth, readQuestion }: AheadDeps): AheadAnswer {
  function identityOf(request: IncomingMessage): string | undefined | Promise<undefined> {
    const presented = plainKeyOf(request);
    if (presented === undefined || request.headers[verifierKeyHeader] === undefined) return undefined;
    const asked = readQuestion((request.url ?? '').slice(start.length));
    const { organizationId } = asked;
    const proxy = { secret: verifierKeyOf(request), ip: request.socket.remoteAddress ?? 'unknown' };
    const verifier = forwardAuth.requireVerifier(proxy, organizationId);
    if (verifier instanceof Promise) return verifier.then(() => undefined);
    refuseKeyInTarget(request, asked);
    const question = { ...questionFor(request, asked), key: presented.secret, cost: 1 };
    return forwardAuth.identifyAtOnce({
      asked: question,
      organizationId,
      verifier,
      audience: audienceFor(request, asked),
    });
  }

  return (request, response, handOver) => {
    // A server that closes says so with each answer.
    if (!isPlain(request) || !server.listening) return handOver();
    let identity: ReturnType<typeof identityOf>;
    try {
      identity = identityOf(request);
    } catch {
      return handOver();
    }
    if (identity === undefined) return handOver();
    if (identity instanceof Promise) return void identity.then(handOver, handOver);
    response.writeHead(200, [...fixedHeaders, identityHeader, identity]).end();
    metrics.countAdmission();
  };
}
