import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, linesOfOurOwn } from '../platform/logger.ts';
import type { Metrics } from '../platform/metrics.ts';

/** On every answer, also on those that a handler never saw. */
export const safeHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

export interface ObserveDeps {
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What every part of the application notes of its requests. */
export interface Observation {
  /** Call it first of all for each request. */
  begin(request: IncomingMessage): void;
  /** Call it when an answer is about to be sent. */
  complete(request: FastifyRequest, reply: FastifyReply): void;
  /** One line and the counts for each answer: never its URL, headers or body, any of which could hold a secret. */
  note(request: FastifyRequest, reply: FastifyReply): void;
  /** Whether the rest of a request that was answered before all of it had come may still be coming. */
  wasAnsweredEarly(socket: Socket): boolean;
  /** Whether the server is closing: it then lets go of connections itself. */
  isClosing(): boolean;
}

export function createObservation(app: FastifyInstance, { metrics, log }: ObserveDeps): Observation {
  /** Connections of which the newest request was answered before all of it had come. */
  const answeredEarly = new WeakSet<Socket>();
  const lines = linesOfOurOwn(log);
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  return {
    begin: ({ socket }) => void answeredEarly.delete(socket),
    complete(request, reply) {
      if (!request.raw.complete) answeredEarly.add(request.raw.socket);
      reply.header('x-request-id', request.id);
      // Otherwise a client that keeps its connection would hold the server up until it lets go.
      if (closing) reply.header('connection', 'close');
    },
    note(request, reply) {
      const operation = request.routeOptions.config.operation ?? 'unmatched';
      const { outcome, keyId } = request;
      const durationMs = Math.round(reply.elapsedTime * 10) / 10;
      metrics.durations.observe({ operation, status: reply.statusCode }, reply.elapsedTime / 1000);
      metrics.outcomes.inc({ operation, outcome });
      lines.info(
        { requestId: request.id, operation, status: reply.statusCode, outcome, keyId, durationMs },
        'answered',
      );
    },
    wasAnsweredEarly: (socket) => answeredEarly.has(socket),
    isClosing: () => closing,
  };
}

/** Has all requests of a part of the application observed, by hooks. */
export function observe(app: FastifyInstance, { begin, complete, note }: Observation): void {
  // Hooks that need not wait for anything take a callback: a promise for each would be most of what they cost.
  app.addHook('onRequest', (request, reply, done) => {
    begin(request.raw);
    reply.headers(safeHeaders);
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    complete(request, reply);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    note(request, reply);
    done();
  });
}
