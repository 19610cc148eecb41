import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createIdentityCheck, type Identity } from '../../examples/forward-auth/check-identity.ts';

/** A request that got through the proxy, as the application saw it. */
export interface Arrival {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly bodySha256: string;
  /** Undefined where the application refused it, since nobody has signed who it is. */
  readonly identity: Identity | undefined;
}

/** What stands behind the proxy: it answers whom the identity names, and refuses whoever comes without one. */
export interface Application {
  readonly address: string;
  /** Every request that reached it, the newest last. */
  readonly arrivals: Arrival[];
  close(): Promise<void>;
}

export function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Starts it on a free port of loopback; it believes one Latchkey, and what that says to one audience. */
export async function startApplication(latchkeyUrl: string, audience: string): Promise<Application> {
  const check = createIdentityCheck(latchkeyUrl, audience);
  const arrivals: Arrival[] = [];

  async function arrive(
    { method = '', url = '', rawHeaders }: IncomingMessage,
    body: Buffer,
  ): Promise<Arrival> {
    const identity = await check(rawHeaders).catch(() => undefined);
    const arrival = { method, target: url, rawHeaders, bodySha256: sha256(body), identity };
    arrivals.push(arrival);
    return arrival;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { identity } = await arrive(request, await buffer(request));
    // Its own refusals are not the proxy's to replace.
    response.statusCode = identity === undefined ? 418 : request.url === '/forbidden' ? 403 : 200;
    response.end(identity?.key_name ?? 'who are you?');
  }

  async function upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
    const { identity } = await arrive(request, Buffer.alloc(0));
    if (identity === undefined)
      return void socket.end('HTTP/1.1 418 Who Are You\r\nContent-Length: 0\r\n\r\n');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.on('error', () => socket.destroy()).pipe(socket);
  }

  const server = createServer(
    { maxHeaderSize: 64 * 1024 },
    // A body that breaks off, as those of attacks do, is no request that arrived.
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  server.on('upgrade', (request, socket) => void upgrade(request, socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
