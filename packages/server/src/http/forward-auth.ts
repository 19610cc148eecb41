import { forwardAuthPath, LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noteRefusal } from '../domains/key-activity/index.ts';
import type { AuthenticatedKey } from '../domains/keys/index.ts';
import {
  type Admission,
  type Asked,
  createForwardAuth,
  type ForwardAuth,
  type ForwardAuthDeps,
} from '../domains/verification/index.ts';
import type { Metrics } from '../platform/metrics.ts';
import { answerAhead } from './answer-ahead.ts';
import { toLatchkeyError } from './answers.ts';
import { clientOf, ipOf } from './caller.ts';
import { keysInHeaders, onlyOne } from './credentials.ts';
import { createAheadAnswer } from './forward-auth-ahead.ts';
import { answerAdmission, answerError } from './forward-auth-answer.ts';
import { createQuestionReader, type ProxyQuestion } from './forward-auth-question.ts';
import { audienceFor, questionFor, refuseKeyInTarget, verifierKeyOf } from './forwarded-request.ts';
import { refuseKeysInUrl } from './query-key.ts';

function queryOf({ raw: { url = '' } }: FastifyRequest): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}

/** The question about the key of this visitor. Throws what is wrong with the request, or with what it asks for. */
function askedOf(request: FastifyRequest, asked: ProxyQuestion): Asked {
  refuseKeyInTarget(request.raw, asked);
  const presented = onlyOne(keysInHeaders(request));
  if (presented === undefined) throw new LatchkeyError('UNAUTHORIZED');
  return {
    ...questionFor(request.raw, asked),
    key: presented.secret,
    cost: 1,
    // As far as a proxy that is trusted says it: the address of the proxy itself opens nothing.
    get ip() {
      return (request.ips?.length ?? 0) > 1 ? ipOf(request) : undefined;
    },
    get client() {
      return clientOf(request.headers['user-agent']);
    },
  };
}

/** Of the proxy itself, not that of the visitor. */
function addressOf({ raw }: FastifyRequest): string {
  return raw.socket.remoteAddress ?? 'unknown';
}

/** The proxy is asked for its key first: nobody else is told anything of a visitor's. */
function admit(
  forwardAuth: ForwardAuth,
  request: FastifyRequest,
  asked: ProxyQuestion,
): Admission | Promise<Admission> {
  const { raw } = request;
  const { organizationId } = asked;
  function look(verifier: AuthenticatedKey): Admission | Promise<Admission> {
    const audience = audienceFor(raw, asked);
    return forwardAuth.admit({ asked: askedOf(request, asked), organizationId, verifier, audience });
  }
  const proxy = { secret: verifierKeyOf(raw), ip: addressOf(request) };
  const verifier = forwardAuth.requireVerifier(proxy, organizationId);
  return verifier instanceof Promise ? verifier.then(look) : look(verifier);
}

/**
 * Verifies the key of a visitor for the proxy that he comes through (docs/guides/forward-auth.md): the verdict by
 * status, who it is as one signed header. Call it when the framework listens to the server.
 */
export function registerForwardAuth(
  app: FastifyInstance,
  deps: ForwardAuthDeps & { readonly metrics: Metrics },
): void {
  const readQuestion = createQuestionReader();
  const forwardAuth = createForwardAuth(deps);
  const { server } = app;
  answerAhead(server, createAheadAnswer({ server, metrics: deps.metrics, forwardAuth, readQuestion }));

  app.get(forwardAuthPath, { config: { operation: 'forwardAuth' } }, async (request, reply) => {
    let asked: ProxyQuestion | undefined;
    try {
      refuseKeysInUrl(request);
      asked = readQuestion(queryOf(request));
      answerAdmission(request, reply, await admit(forwardAuth, request, asked), asked);
    } catch (error) {
      // Nothing that is thrown refuses the key of a visitor, but what refuses the proxy's.
      noteRefusal(deps, error, { ip: addressOf(request), client: null });
      answerError(request, reply, toLatchkeyError(error), asked);
    }
    return reply;
  });
}
