import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the one request means, and what the person reads in the browser. */
export interface Verdict<Result> {
  readonly result: Result;
  readonly isFine: boolean;
  readonly page: string;
}

/** Waits on this machine for the browser to come back. */
export interface CallbackListener<Result> extends Disposable {
  readonly redirectUri: string;
  /** Settles with the first request. Never, when none comes. */
  readonly answered: Promise<Result>;
}

function answer({ isFine, page }: Verdict<unknown>, response: ServerResponse): void {
  response.writeHead(isFine ? 200 : 400, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    Connection: 'close',
  });
  const head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Latchkey</title>';
  response.end(`${head}<main><h1>Latchkey</h1><p>${page}</p></main></html>`);
}

function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}

/** The request's parameters; the address itself is nothing that a request can lie about. */
function parametersOf({ url = '/' }: IncomingMessage): URLSearchParams {
  return new URL(url, 'http://127.0.0.1').searchParams;
}

/**
 * Listens on 127.0.0.1, at a port that the system picks, for exactly one request, whatever it asks for (RFC 8252,
 * 7.3; contract/culvii.md E). The port is closed once it is answered, or when the listener is disposed of.
 */
export async function listenForCallback<Result>(
  judge: (parameters: URLSearchParams) => Verdict<Result>,
): Promise<CallbackListener<Result>> {
  const { createServer } = await import('node:http');
  const server = createServer();
  const answered = new Promise<Result>((resolve) => {
    server.once('request', (request, response) => {
      server.on('request', (late) => late.socket.destroy());
      const verdict = judge(parametersOf(request));
      response.once('close', () => {
        stop(server);
        resolve(verdict.result);
      });
      answer(verdict, response);
      server.close();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    redirectUri: `http://127.0.0.1:${port}/callback`,
    answered,
    [Symbol.dispose]: () => stop(server),
  };
}
