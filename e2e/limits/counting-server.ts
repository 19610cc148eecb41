import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { createKeyUsage, type UseRequest } from '../../packages/server/src/domains/key-usage/index.ts';
import { systemClock } from '../../packages/server/src/platform/clock.ts';
import { createLogger } from '../../packages/server/src/platform/logger.ts';
import { migrate, openPostgres } from '../../packages/server/src/storage/index.ts';

const [, , databaseUrl = ''] = process.argv;
const store = openPostgres(databaseUrl, createLogger('silent'));
await migrate(store);
const usage = createKeyUsage({ store, clock: systemClock }, (error) => console.error(error));
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { code } = await usage.count((await json(request)) as UseRequest);
  response.end(JSON.stringify({ data: { code } }));
}

const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
});
