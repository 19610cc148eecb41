import { openConnections } from './connections.ts';

/** Requests that come when they come, whether or not those before them have been answered. */
export interface Arrivals {
  readonly port: number;
  readonly connections: number;
  /** Sent in turns. */
  readonly requests: readonly Buffer[];
  readonly perSecond: number;
  readonly seconds: number;
}

/** What came of them. */
export interface Latencies {
  /** From when each request was due, not from when a connection was free for it. */
  readonly latenciesMs: Float64Array;
  /** The longest time for which the client itself did not look: as much of the worst latency may be its own. */
  readonly clientGapMs: number;
}

/**
 * Sends requests at a fixed rate. The client never sleeps, since no timer is exact enough: it needs a core of its own.
 * Throws unless each is answered 2xx.
 */
export async function sendAtRate(arrivals: Arrivals): Promise<Latencies> {
  const { port, connections, requests, perSecond, seconds } = arrivals;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const idle = await openConnections(port, connections, reject);
  const opened = [...idle];
  const latenciesMs = new Float64Array(Math.round(perSecond * seconds));
  let [sent, answered, clientGapMs] = [0, 0, 0];
  const startedAtMs = performance.now();
  let lookedAtMs = startedAtMs;
  const dueAtMs = (number: number) => startedAtMs + (number * 1000) / perSecond;

  function sendDue(nowMs: number): void {
    while (sent < latenciesMs.length && dueAtMs(sent) <= nowMs) {
      const connection = idle.pop();
      const request = requests[sent % requests.length];
      if (connection === undefined || request === undefined) return;
      const number = sent++;
      connection.send(request, () => {
        latenciesMs[number] = performance.now() - dueAtMs(number);
        answered += 1;
        idle.push(connection);
      });
    }
  }

  function look(): void {
    const nowMs = performance.now();
    clientGapMs = Math.max(clientGapMs, nowMs - lookedAtMs);
    lookedAtMs = nowMs;
    sendDue(nowMs);
    if (answered === latenciesMs.length) resolve();
    else setImmediate(look);
  }

  look();
  await promise.finally(() => {
    for (const connection of opened) connection.close();
  });
  return { latenciesMs, clientGapMs };
}
