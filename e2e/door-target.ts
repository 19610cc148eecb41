import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A request as a workflow gets it. */
export interface Delivered {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly executionMetadata: { readonly executionId: string };
  };
}

/** A workflow in a program of its own. */
export interface DoorTarget {
  readonly url: string;
  /** Oldest first. */
  readonly delivered: readonly Delivered[];
  /** Resolves with the delivery of an execution, once it is there. */
  deliveryOf(executionId: string): Promise<Delivered>;
  close(): Promise<void>;
}

/** Starts one: `/fail` answers 422, everything else answers with what it was sent. */
export async function startDoorTarget(): Promise<DoorTarget> {
  const delivered: Delivered[] = [];
  const waiting = new Set<() => void>();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '', headers } = request;
    const body = (await json(request)) as Delivered['body'];
    delivered.push({ path, headers, body });
    const { executionMetadata: _, ...received } = body;
    response.setHeader('content-type', 'application/json');
    if (path === '/fail') response.writeHead(422).end('{"error":"no such order"}');
    else response.end(JSON.stringify({ received }));
    for (const look of waiting) look();
  }
  const server = createServer(
    // A call that breaks off, as when its server is killed, was not delivered.
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delivered,
    deliveryOf: (executionId) =>
      new Promise((resolve) => {
        const look = () => {
          const found = delivered.find(({ body }) => body.executionMetadata.executionId === executionId);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
