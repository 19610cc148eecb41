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
import { errorEnvelope, notUnderstood, sendError } from './http/answers.ts';
import { registerForwardAuth } from './http/forward-auth.ts';
import { registerGateway } from './http/gateway.ts';
import { parseForeignJsonBody, parseJsonBody } from './http/json.ts';
import { registerLocalMailbox } from './http/local-mailbox.ts';
import { registerOauth, resourceMetadataPath } from './http/oauth/register.ts';
import { registerOperations } from './http/operations.ts';
import { registerDocs, registerHealth, registerLogos, registerPrincipalKeys } from './http/pages.ts';
import { liftKeysFromUrls } from './http/query-key.ts';
import { registerUploads } from './http/uploads.ts';
import { linesOfOurOwn } from './platform/logger.ts';

const requestTimeoutMs = 120_000;

/** On every answer, also on those that a handler never saw. */
const safeHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Connections of which the newest request was answered before all of it had come. */
type AnsweredEarly = WeakSet<Socket>;

/** What never reached a handler: bytes that are not HTTP. */
function answerBrokenRequest(socket: Socket, answeredEarly: AnsweredEarly): void {
  if (!socket.writable) return;
  // It is the rest of a request that has its answer, and a second one would be taken for that of the next.
  if (answeredEarly.has(socket)) {
    socket.end();
    return;
  }
  const error = new LatchkeyError('INVALID_REQUEST', { details: { problem: notUnderstood } });
  const body = JSON.stringify(errorEnvelope(error, randomUUIDv7()));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** One line for each request: never its URL, headers or body, any of which could hold a secret. */
function observe(app: FastifyInstance, { metrics, log }: Deps, answeredEarly: AnsweredEarly): void {
  app.decorateRequest('outcome', 'OK');
  app.decorateRequest('keyId', undefined);
  const lines = linesOfOurOwn(log);
  // Hooks that need not wait for anything take a callback: a promise for each would be most of what they cost.
  app.addHook('onRequest', ({ raw }, reply, done) => {
    answeredEarly.delete(raw.socket);
    reply.headers(safeHeaders);
    done();
  });
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (!request.raw.complete) answeredEarly.add(request.raw.socket);
    reply.header('x-request-id', request.id);
    // Otherwise a client that keeps its connection would hold the server up until it lets go.
    if (closing) reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const operation = request.routeOptions.config.operation ?? 'unmatched';
    const { outcome, keyId } = request;
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    metrics.durations.observe({ operation, status: reply.statusCode }, reply.elapsedTime / 1000);
    metrics.outcomes.inc({ operation, outcome });
    lines.info(
      { requestId: request.id, operation, status: reply.statusCode, outcome, keyId, durationMs },
      'answered',
    );
    done();
  });
}

/** Builds the HTTP application on its dependencies; it does not listen. */
export async function createApp(deps: Deps): Promise<FastifyInstance> {
  const answeredEarly: AnsweredEarly = new WeakSet();
  const app = fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // Lines name the request themselves.
    childLoggerFactory: (log) => log,
    genReqId: () => randomUUIDv7(),
    // A base URL that ends with a slash gives a path that begins with two (contract/codika.md H.1).
    routerOptions: { ignoreDuplicateSlashes: true },
    trustProxy: deps.settings.trustedProxies.length > 0 ? [...deps.settings.trustedProxies] : false,
    requestTimeout: requestTimeoutMs,
    return503OnClosing: false,
    clientErrorHandler: (_error, socket) => answerBrokenRequest(socket, answeredEarly),
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
  app.setErrorHandler((error, request, reply) => sendError(request, reply, error));
  app.setNotFoundHandler((request, reply) => sendError(request, reply, new LatchkeyError('NOT_FOUND')));
  liftKeysFromUrls(app);
  observe(app, deps, answeredEarly);
  registerOperations(app, deps);
  registerForwardAuth(app, deps);
  await registerGateway(app, deps);
  await registerUploads(app, deps);
  registerHealth(app, deps);
  registerLogos(app, deps);
  registerPrincipalKeys(app, deps);
  await registerDocs(app, deps);
  await registerOauth(app, deps);
  if (deps.localMailbox !== undefined) registerLocalMailbox(app, deps.localMailbox);
  await app.ready();
  return app;
}
