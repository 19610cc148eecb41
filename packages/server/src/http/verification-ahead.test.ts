import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../app.ts';

/** What the framework tells of each request that a handler of its routes gets. */
const handled = 'tracing:fastify.request.handler:start';

interface Sent {
  /** Each character is a byte. */
  readonly body: string;
  readonly headers?: readonly string[];
  readonly target?: string;
}

describeEachEngine('a verification ahead of the framework', (open) => {
  let app: TestApp;
  let server: FastifyInstance;
  let port: number;
  let owner: string;
  let organizationId: string;
  let caller: string;
  let reader: string;
  const keys: Record<string, string> = {};
  let handledCount = 0;
  const count = () => {
    handledCount += 1;
  };

  beforeAll(async () => {
    app = await startTestApp(await open());
    server = await createApp(app.deps);
    await server.listen({ host: '127.0.0.1', port: 0 });
    port = (server.server.address() as AddressInfo).port;
    const signup = await app.signUp('owner@example.com', 'Acme');
    owner = signup.apiKey.raw;
    organizationId = signup.organizationId;
    caller = (await mint({ scopes: ['keys:verify'] })).apiKey;
    reader = (await mint({})).apiKey;
    keys.plain = (await mint({ name: 'Größe "1" €' })).apiKey;
    keys.fast = (await mint({ limits: [{ requests: 1_000, windowSeconds: 60, counting: 'fast' }] })).apiKey;
    keys.exact = (await mint({ limits: [{ requests: 9, windowSeconds: 60 }] })).apiKey;
    keys.bound = (await mint({ allowedAddresses: ['203.0.113.0/24'], resources: ['orders/*'] })).apiKey;
    const ended = await mint({});
    keys.revoked = ended.apiKey;
    await call(`/v1/keys/${ended.keyId}/revoke`, {});
    subscribe(handled, count);
  });
  afterAll(async () => {
    unsubscribe(handled, count);
    app.clock.advance(10_000);
    await server.close();
    await app.close();
  });

  async function call(path: string, body: object) {
    return (await app.call(path, { body, key: owner })).body.data;
  }

  function mint(more: object): Promise<{ keyId: string; apiKey: string }> {
    return call(`/v1/organizations/${organizationId}/keys`, {
      name: 'k',
      scopes: ['projects:read'],
      ...more,
    });
  }

  async function send({ headers, target = '/v1/keys/verify' }: Sent, framing: string, content: string) {
    const all = headers ?? [`authorization: Bearer ${caller}`, 'content-type: application/json'];
    const socket = connect(port, '127.0.0.1');
    const head = [`POST ${target} HTTP/1.1`, 'host: x', 'connection: close', framing, ...all];
    socket.write(`${head.join('\r\n')}\r\n\r\n${content}`, 'latin1');
    const before = [handledCount, app.logLines.length] as const;
    const answer = await text(socket);
    const logged = app.logLines.slice(before[1]).map((line) => ({ ...JSON.parse(line), time: 0 }));
    const verdicts = await app.deps.metrics.registry.getSingleMetricAsString('latchkey_verdicts_total');
    return { answer, logged, verdicts, isAhead: handledCount === before[0] };
  }

  const sendPlain = (sent: Sent) => send(sent, `content-length: ${sent.body.length}`, sent.body);

  /** The framework alone reads bodies of which the length is not said. */
  function sendToFramework(sent: Sent) {
    const size = sent.body.length.toString(16);
    const chunks = sent.body === '' ? '0\r\n\r\n' : `${size}\r\n${sent.body}\r\n0\r\n\r\n`;
    return send(sent, 'transfer-encoding: chunked', chunks);
  }

  /** Without what differs between any two answers. */
  function comparable({ answer, logged }: Awaited<ReturnType<typeof send>>) {
    const id = /x-request-id: (\S+)/.exec(answer)?.[1] ?? 'none';
    const lines = logged.map((line) => ({ ...line, durationMs: 0 }));
    return `${answer}\n${JSON.stringify(lines)}`.replaceAll(id, '(id)').replace(/^Date: .*$/im, '');
  }

  function question(fields: object): Sent {
    return { body: JSON.stringify(fields) };
  }

  const good: Readonly<Record<string, () => Sent>> = {
    'a valid key': () => question({ key: keys.plain }),
    'a valid key, with everything that can be asked': () =>
      question({
        key: keys.plain,
        allScopes: ['projects:read'],
        anyScope: ['executions:read', 'projects:read'],
        environment: 'prod',
        workspace: 'pay',
        resource: 'orders/1',
        ip: '203.0.113.9',
        cost: 1,
      }),
    'a key without the scope': () => question({ key: keys.plain, allScopes: ['executions:read'] }),
    'a key for elsewhere': () => question({ key: keys.bound, resource: 'orders/1', ip: '198.51.100.1' }),
    'a key that was revoked': () => question({ key: keys.revoked }),
    'a key counted fast': () => question({ key: keys.fast, cost: 0 }),
    'a key counted exactly': () => question({ key: keys.exact, cost: 0 }),
    'more than is left': () => question({ key: keys.exact, cost: 10 }),
    'no key': () => question({ key: 'cko_nothing' }),
    'a verifier that keeps the answer': () => question({ key: keys.plain, verifier: 'one' }),
    'a caller with its key in another header': () => ({
      ...question({ key: keys.plain }),
      headers: [`X-Process-Manager-Key: ${caller}`, 'content-type: application/json'],
    }),
  };

  it.each(Object.keys(good))('says the same as by the framework: %s', async (name) => {
    const sent = (good[name] as () => Sent)();
    // Whatever has to be looked up first is known from then on.
    await sendToFramework(sent);
    const framework = await sendToFramework(sent);
    const ahead = await sendPlain(sent);
    expect(framework.isAhead).toBe(false);
    expect(ahead.isAhead).toBe(true);
    expect(comparable(ahead)).toBe(comparable(framework));
    expect(ahead.answer).toContain('HTTP/1.1 200 OK\r\n');
    expect(ahead.verdicts).not.toBe(framework.verdicts);
  });

  const json = 'content-type: application/json';
  const refused: Readonly<Record<string, () => Sent>> = {
    'no credential': () => ({ ...question({ key: keys.plain }), headers: [json] }),
    'two credentials': () => ({
      ...question({ key: keys.plain }),
      headers: [`authorization: Bearer ${caller}`, `authorization: Bearer ${reader}`, json],
    }),
    'an unknown caller': () => ({
      ...question({ key: keys.plain }),
      headers: ['authorization: Bearer x', json],
    }),
    'a caller without the scope': () => ({
      ...question({ key: keys.plain }),
      headers: [`authorization: Bearer ${reader}`, json],
    }),
    'a caller whose key was revoked': () => ({
      ...question({ key: keys.plain }),
      headers: [`authorization: Bearer ${keys.revoked}`, json],
    }),
    'a caller elsewhere': () => ({
      ...question({ key: keys.plain }),
      headers: [`authorization: Bearer ${keys.bound}`, json],
    }),
    'a body that is no JSON': () => ({ body: '{"key":' }),
    'a body that is not UTF-8': () => ({ body: '{"key":"\xff"}' }),
    'a name twice': () => ({ body: '{"key":"a","key":"b"}' }),
    'an empty body': () => ({ body: '' }),
    'an unknown field': () => question({ key: keys.plain, more: 1 }),
    'a field of another kind': () => question({ key: 1 }),
    'another content type': () => ({
      ...question({ key: keys.plain }),
      headers: [`authorization: Bearer ${caller}`, 'content-type: text/plain'],
    }),
    'a query': () => ({ ...question({ key: keys.plain }), target: '/v1/keys/verify?a=b' }),
    'a key in the URL': () => ({
      ...question({ key: keys.plain }),
      target: `/v1/keys/verify?api_key=${caller}`,
    }),
    'a long body': () => question({ key: 'x'.repeat(20_000) }),
  };

  it.each(Object.keys(refused))('is left to the framework: %s', async (name) => {
    const sent = (refused[name] as () => Sent)();
    const plain = await sendPlain(sent);
    expect(comparable(plain)).toBe(comparable(await sendToFramework(sent)));
    expect(plain.answer).not.toContain(' 200 OK\r\n');
  });

  describe('rests on what is so when all of the request is there', () => {
    it.each(['the key', 'the caller'])('%s is good for nothing once it is revoked', async (which) => {
      const ending = await mint({ scopes: ['keys:verify'] });
      const sent: Sent = {
        ...question({ key: which === 'the key' ? ending.apiKey : keys.plain }),
        headers: [`authorization: Bearer ${which === 'the key' ? caller : ending.apiKey}`, json],
      };
      expect((await sendPlain(sent)).answer).toContain('"code":"VALID"');
      const { answer, isAhead } = await sendPlain(sent);
      expect(isAhead).toBe(true);
      expect(answer).toContain('"code":"VALID"');
      app.clock.advance(10_000);
      await call(`/v1/keys/${ending.keyId}/revoke`, {});
      expect((await sendPlain(sent)).answer).toMatch(/"code":"(KEY_)?REVOKED"/);
    });
  });

  describe('where the body comes apart from its head', () => {
    /** Sends a head; resolves when the server has seen it, and has either answered or waits. */
    async function sendHead(key: string, length: number): Promise<{ socket: Socket; server: Socket }> {
      const seen = once(server.server, 'request');
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      const head = ['POST /v1/keys/verify HTTP/1.1', 'host: x', 'connection: close', json];
      const all = [...head, `authorization: Bearer ${key}`, `content-length: ${length}`];
      socket.write(`${all.join('\r\n')}\r\n\r\n`);
      const [request] = (await seen) as [IncomingMessage];
      await nextTurn();
      return { socket, server: request.socket };
    }

    it('is answered ahead when all of it comes next', async () => {
      const { body } = question({ key: keys.plain });
      const { socket } = await sendHead(caller, body.length);
      const before = handledCount;
      socket.write(body);
      expect(await text(socket)).toContain('"code":"VALID"');
      expect(handledCount).toBe(before);
    });

    it('is answered by the framework when it comes in pieces', async () => {
      const { body } = question({ key: keys.plain });
      const { socket, server: received } = await sendHead(caller, body.length);
      const headBytes = received.bytesRead;
      socket.write(body.slice(0, 9));
      await vi.waitUntil(() => received.bytesRead > headBytes);
      const before = handledCount;
      socket.write(body.slice(9));
      expect(await text(socket)).toContain('"code":"VALID"');
      expect(handledCount).toBe(before + 1);
    });

    it('refuses a caller that is nobody without waiting for it', async () => {
      const { socket } = await sendHead(keys.revoked ?? '', 100);
      const [received] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(received.toString()).toContain('"code":"KEY_REVOKED"');
    });

    it('refuses a caller whose key was revoked in between', async () => {
      const ending = await mint({ scopes: ['keys:verify'] });
      const { body } = question({ key: keys.plain });
      await sendPlain({ body, headers: [`authorization: Bearer ${ending.apiKey}`, json] });
      const { socket } = await sendHead(ending.apiKey, body.length);
      await call(`/v1/keys/${ending.keyId}/revoke`, {});
      socket.write(body);
      expect(await text(socket)).toContain('"code":"KEY_REVOKED"');
    });

    it('lets go of a request that ends instead', async () => {
      const { socket, server: received } = await sendHead(caller, 100);
      const gone = once(received, 'close');
      socket.destroy();
      await gone;
      const { body } = question({ key: keys.plain });
      expect((await sendPlain({ body })).isAhead).toBe(true);
    });
  });

  it('answers requests that come together in their order', async () => {
    const socket = connect(port, '127.0.0.1');
    const bodies = [question({ key: keys.plain }), question({ key: 1 }), question({ key: keys.plain })];
    const head = `POST /v1/keys/verify HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${caller}\r\n${json}\r\n`;
    const texts = bodies.map(({ body }, index) => {
      const last = index === bodies.length - 1 ? 'connection: close\r\n' : '';
      return `${head}${last}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    });
    socket.write(texts.join(''));
    const statuses = [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '400', '200']);
  });
});
