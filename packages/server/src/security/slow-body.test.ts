import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createApp } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';

interface Sent {
  readonly path: string;
  readonly body: string;
  readonly contentType: string;
}

const json = (path: string, body: object): Sent => ({
  path,
  body: JSON.stringify(body),
  contentType: 'application/json',
});
const verifying = json('/v1/keys/verify', { key: 'cko_nothing' });

/** Whatever is answered from memory to whoever has a key. */
const requests: Readonly<Record<string, Sent>> = {
  'a question': verifying,
  'a question that is read by the framework': {
    ...verifying,
    contentType: 'application/json; charset=utf-8',
  },
  'many questions': json('/v1/keys/verify-many', { questions: [{ key: 'cko_nothing' }] }),
  'a lease': json('/v1/verifiers/lease', { verifier: 'one', applied: null }),
  'a token': json('/v1/tokens', {}),
  introspection: {
    path: '/v1/introspect',
    body: 'token=cko_nothing',
    contentType: 'application/x-www-form-urlencoded',
  },
};

describeEachEngine('a key that ends between the headers and the body of a request', (open) => {
  let app: TestApp;
  let server: FastifyInstance;
  let port: number;
  let owner: string;
  let organizationId: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    server = await createApp(app.deps);
    await server.listen({ host: '127.0.0.1', port: 0 });
    port = (server.server.address() as AddressInfo).port;
    const signup = await app.signUp('owner@example.com', 'Acme');
    owner = signup.apiKey.raw;
    organizationId = signup.organizationId;
  });
  afterAll(async () => {
    // Leases are waited for.
    app.clock.advance(10_000);
    await server.close();
    await app.close();
  });

  async function call(path: string, body: object) {
    const { body: answer } = await app.call(path, { body, key: owner });
    return answer.data;
  }

  /** Sends the headers, waits until the server has them, does something, and sends the body; the whole answer. */
  async function answerAround(
    { path, body, contentType }: Sent,
    key: string,
    between: () => Promise<unknown>,
  ) {
    const socket = connect(port, '127.0.0.1');
    const lines = [
      `POST ${path} HTTP/1.1`,
      'host: localhost',
      `authorization: Bearer ${key}`,
      `content-type: ${contentType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'expect: 100-continue',
      'connection: close',
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const [interim] = await once(socket, 'data');
    expect(String(interim)).toContain('100 Continue');
    await between();
    socket.write(body);
    return text(socket);
  }

  it.each(Object.keys(requests))('is good for nothing any more: %s', async (name) => {
    const request = requests[name] as Sent;
    const { keyId, apiKey } = await call(`/v1/organizations/${organizationId}/keys`, {
      name: 'API',
      scopes: ['keys:verify'],
    });
    expect(await answerAround(request, apiKey, async () => undefined)).toContain(' 200 OK\r\n');
    const answer = await answerAround(request, apiKey, async () => {
      // Whoever holds a lease would be waited for.
      await app.call('/v1/verifiers/release', { body: { verifier: 'one' }, key: apiKey });
      await call(`/v1/keys/${keyId}/revoke`, {});
    });
    expect(answer).toContain(' 401 Unauthorized\r\n');
    expect(answer).toMatch(/KEY_REVOKED|invalid_token/);
  });
});
