import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/**
 * Answers requests before the framework has seen them, which it would spend more on than some answers take. `answer` says
 * whether it has answered; where it has not, or not yet, it has written nothing, and the framework answers as always.
 * Requests that come without a socket of this server never come here.
 */
export function answerAhead(
  server: Server,
  answer: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>,
): void {
  const others = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const goOn = () => {
      for (const other of others) other(request, response);
    };
    const isAnswered = answer(request, response);
    if (isAnswered instanceof Promise) void isAnswered.then((is) => is || goOn(), goOn);
    else if (!isAnswered) goOn();
  });
}
