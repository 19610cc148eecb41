import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { registerDashboard } from '../packages/server/src/http/dashboard.ts';

/** Serves a built page as the server serves the dashboard. `process.argv[2]` is the folder that it was built into. */
const app = fastify();
await registerDashboard(app, () => false, process.argv[2]);
await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
process.once('SIGTERM', () => void app.close());
