import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Says on stdout where a server listens, as `latchkey serve` does, and ends it on SIGTERM. */
export function announce(server: Server): void {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
  });
}
