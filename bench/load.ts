import { type Connection, openConnections } from './connections.ts';

/** A client that keeps a number of connections busy, one request at a time on each. */
export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly requests: readonly Buffer[];
  /** Gets each answer whole, head and body. */
  readonly onAnswer?: (answer: string) => void;
}

/** Sends all requests and answers how many were answered per second. Throws unless each is answered 2xx. */
export async function requestsPerSecond({ port, connections, requests, onAnswer }: Load): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const opened = await openConnections(port, connections, reject);
  let [sent, answered] = [0, 0];
  const sendNext = (connection: Connection) => {
    const request = requests[sent++];
    if (request === undefined) return;
    connection.send(request, (answer) => {
      onAnswer?.(answer);
      answered += 1;
      if (answered === requests.length) resolve();
      else sendNext(connection);
    });
  };
  const startedAtMs = performance.now();
  opened.forEach(sendNext);
  if (requests.length > 0) await promise;
  const seconds = (performance.now() - startedAtMs) / 1000;
  for (const connection of opened) connection.close();
  return requests.length / seconds;
}
