import { operations } from '@latchkey/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  askerOf,
  authorize,
  type Credential,
  type KeyDeps,
  noting,
  verify as verifyCaller,
} from '../domains/keys/index.ts';
import { type Asked, type VerificationDeps, verify } from '../domains/verification/index.ts';
import { answerAhead } from './answer-ahead.ts';
import { requirePresented } from './credentials.ts';
import { readInput } from './input.ts';
import { type Observation, type ObserveDeps, safeHeaders } from './observe.ts';
import { type Place, placesOf } from './places.ts';
import { liftKeys, refuseKeysInUrl } from './query-key.ts';
import { createVerdictSender } from './verdict-answer.ts';
import { createVerificationAhead } from './verification-ahead.ts';

/** What verifying over HTTP works with. */
export type VerificationHttpDeps = VerificationDeps & KeyDeps & ObserveDeps;

const operation = operations['keys.verify'];
const { access } = operation;
const bodyLimitBytes = 256 * 1024;

/**
 * `keys.verify`, in a part of the application of its own: what the others have in common would cost more than it. What
 * can be answered ahead of the framework does not come here. Call it when the framework listens to the server.
 */
export async function registerVerification(
  app: FastifyInstance,
  deps: VerificationHttpDeps,
  observation: Observation,
): Promise<void> {
  const places = placesOf('keys.verify');
  const send = createVerdictSender(deps, observation);
  const paths = new Set(places.map(({ path }) => path));
  answerAhead(app.server, createVerificationAhead(deps, observation, paths, send));

  async function verifyAsking(request: FastifyRequest): Promise<Credential> {
    const credential = await verifyCaller(deps, requirePresented(request, access), access, undefined);
    request.keyId = credential.principal.keyId ?? undefined;
    return credential;
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { path, method }: Place,
  ): Promise<FastifyReply> {
    // A body may come long after its headers, and a key may have ended meanwhile.
    const credential = await verifyAsking(request);
    authorize(credential, access);
    const { organizationId } = credential.principal;
    if (organizationId === null || credential.kind !== 'key')
      throw new Error('a key without an organization');
    return noting(deps, askerOf(credential), undefined, async () => {
      const asked = readInput(request, operation, path, method) as Asked;
      const verdict = await verify(deps, organizationId, asked);
      const { id: requestId, keyId } = request;
      send(reply.hijack().raw, { requestId, keyId, keeps: asked.verifier !== undefined }, verdict);
      return reply;
    });
  }

  // What is answered well does not come here.
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.headers(safeHeaders);
    observation.complete(request, reply);
    observation.note(request, reply);
    done();
  });
  for (const place of places) {
    app.route({
      ...place.route,
      bodyLimit: bodyLimitBytes,
      // Before the body is read: whoever has no credential cannot have one parsed either.
      async onRequest(request) {
        observation.begin(request.raw);
        liftKeys(request.raw);
        refuseKeysInUrl(request);
        await verifyAsking(request);
      },
      handler: (request, reply) => answer(request, reply, place),
    });
  }
}
