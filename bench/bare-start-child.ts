import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';

/** The least that a Fastify server does before its first answer. */
const app = fastify();
app.get('/healthz', async () => ({ status: 'ok' }));
await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
process.once('SIGTERM', () => void app.close());
