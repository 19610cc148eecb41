import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerAhead } from './answer-ahead.ts';

describe('what is answered ahead of the framework', () => {
  let server: Server;
  const seen: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(String(request.url));
      response.end('framework');
    });
    answerAhead(server, (request, response, handOver) => {
      if (request.url === '/ahead') response.end('ahead');
      else if (request.url === '/later') setImmediate(handOver);
      else handOver();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  const get = async (path: string) => {
    const { port } = server.address() as AddressInfo;
    return await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  };

  it('is never seen by the framework', async () => {
    expect(await get('/ahead')).toBe('ahead');
    expect(seen).toEqual([]);
  });

  it.each(['/other', '/later'])('leaves %s to the framework, once', async (path) => {
    seen.length = 0;
    expect(await get(path)).toBe('framework');
    expect(seen).toEqual([path]);
  });
});
