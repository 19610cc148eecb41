import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something at Latchkey's address that behaves as no Latchkey does. */
export interface BrokenLatchkey {
  readonly baseUrl: string;
  /** `<method> <path>` of what arrived, oldest first. */
  readonly arrived: readonly string[];
  /** How it answers from now on; a function that does nothing never answers. */
  answerWith(answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

/** Listens on a free port of loopback and answers 500 until told otherwise. */
export async function startBrokenLatchkey(): Promise<BrokenLatchkey> {
  const arrived: string[] = [];
  let answer: Parameters<BrokenLatchkey['answerWith']>[0] = (_request, response) =>
    response.writeHead(500).end();
  const server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    answerWith(next) {
      answer = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
