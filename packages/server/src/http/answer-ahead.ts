import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** Answers a request, or calls `handOver`, once and having written nothing, so that the framework answers as always. */
export type AheadAnswer = (request: IncomingMessage, response: ServerResponse, handOver: () => void) => void;

/**
 * Answers requests before the framework has seen them, which it would spend more on than some answers take. Requests
 * that come without a socket of this server never come here.
 */
export function answerAhead(server: Server, answer: AheadAnswer): void {
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    answer(request, response, () => {
      for (const other of others) other(request, response);
    });
  });
}
