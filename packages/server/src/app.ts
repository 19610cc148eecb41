import { randomUUIDv7 } from 'node:crypto';
import type { Socket } from 'node:net';
import { LatchkeyError } from '@latchkey/protocol';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import type { Deps } from './deps.ts';
import { noteRefusal } from './domains/key-activity/index.ts';
import { errorEnvelope, notUnderstood, sendError } from './http/answers.ts';
import { callerOf } from './http/caller.ts';
import { registerDashboard } from './http/dashboard.ts';
import { registerDocs } from './http/docs.ts';
import { registerForwardAuth } from './http/forward-auth.ts';
import { registerGateway } from './http/gateway.ts';
import { registerIntrospection } from './http/introspection.ts';
import { parseForeignJsonBody, parseJsonBody } from './http/json.ts';
import { registerLocalMailbox } from './http/local-mailbox.ts';
import { registerOauth, resourceMetadataPath } from './http/oauth/register.ts';
import { createObservation, type Observation, observe, safeHeaders } from './http/observe.ts';
import { registerOperations } from './http/operations.ts';
import { registerHealth, registerLogos, registerPrincipalKeys } from './http/pages.ts';
import { liftKeysFromUrls } from './http/query-key.ts';
import { forgetEndedSessions, holdsNoSession, registerSession } from './http/session.ts';
import { registerUploads } from './http/uploads.ts';
import { registerVerification } from './http/verification.ts';

const requestTimeoutMs = 120_000;

/** What never reached a handler: bytes that are not HTTP. */
function answerBrokenRequest(socket: Socket, wasAnsweredEarly: Observation['wasAnsweredEarly']): void {
  if (!socket.writable) return;
  // It is the rest of a request that has its answer, and a second one would be taken for that of the next.
  if (wasAnsweredEarly(socket)) {
    socket.end();
    return;
  }
  const error = new LatchkeyError('INVALID_REQUEST', { details: { problem: notUnderstood } });
  const body = JSON.stringify(errorEnvelope(error, randomUUIDv7()));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Everything but verifying, which is answered without what the others have in common. */
async function registerGeneral(app: FastifyInstance, deps: Deps, observation: Observation): Promise<void> {
  app.setNotFoundHandler((request, reply) => sendError(request, reply, new LatchkeyError('NOT_FOUND')));
  liftKeysFromUrls(app);
  observe(app, observation);
  forgetEndedSessions(app, deps);
  registerOperations(app, deps);
  registerForwardAuth(app, deps);
  await registerIntrospection(app, deps);
  await registerGateway(app, deps);
  await registerUploads(app, deps);
  registerHealth(app, deps);
  registerLogos(app, deps);
  registerPrincipalKeys(app, deps);
  await registerDocs(app, deps);
  await registerOauth(app, deps);
  registerSession(app, deps);
  await registerDashboard(app, (request) => holdsNoSession(request, deps.publicUrl()));
  const { localMailbox, publicUrl } = deps;
  if (localMailbox !== undefined) registerLocalMailbox(app, { localMailbox, publicUrl });
}

/** Builds the HTTP application on its dependencies; it does not listen. */
export async function createApp(deps: Deps): Promise<FastifyInstance> {
  const app = fastify({
    // None of its own, for which it would watch every answer. Lines name the request themselves.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: () => deps.log as FastifyBaseLogger,
    genReqId: () => randomUUIDv7(),
    // A base URL that ends with a slash gives a path that begins with two (contract/codika.md H.1).
    routerOptions: { ignoreDuplicateSlashes: true },
    trustProxy: deps.settings.trustedProxies.length > 0 ? [...deps.settings.trustedProxies] : false,
    requestTimeout: requestTimeoutMs,
    return503OnClosing: false,
    clientErrorHandler: (_error, socket) => answerBrokenRequest(socket, observation.wasAnsweredEarly),
    // No hook runs for a path that cannot be read.
    frameworkErrors: (error, request, reply) => {
      void sendError(request, reply.headers({ ...safeHeaders, 'x-request-id': request.id }) as never, error);
    },
  });
  app.decorate('resourceMetadataUrl', () => deps.publicUrl() + resourceMetadataPath);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async ({ routeOptions }: FastifyRequest, body: Buffer) =>
      routeOptions.config.foreignBody ? parseForeignJsonBody(body) : parseJsonBody(body),
  );
  app.setErrorHandler((error, request, reply) => {
    noteRefusal(deps, error, callerOf(request));
    return sendError(request, reply, error);
  });
  app.decorateRequest('outcome', 'OK');
  app.decorateRequest('keyId', undefined);
  const observation = createObservation(app, deps);
  await app.register((general) => registerGeneral(general, deps, observation));
  await app.register((hot) => registerVerification(hot, deps, observation));
  await app.ready();
  return app;
}
