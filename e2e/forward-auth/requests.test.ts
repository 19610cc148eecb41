import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from './application.ts';
import { type Gate, openGate } from './gate.ts';
import { host, type ProxyName, type RunningProxy } from './proxy.ts';
import { requestText, sendRaw, sendUntil } from './raw-http.ts';

type Header = readonly [string, string];

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
});
afterAll(() => gate.close());

const close: Header = ['Connection', 'close'];
const key = (): Header => ['X-API-Key', gate.keys.good.secret];

describe.each<ProxyName>(['nginx', 'caddy'])('what gets through %s unharmed', (name) => {
  let proxy: RunningProxy;
  beforeAll(async () => {
    proxy = await gate.proxy(name);
  });
  beforeEach(() => {
    gate.application.arrivals.length = 0;
  });

  it.each([
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
  ])('%s with a body of a megabyte, and none without a key', async (method) => {
    const body = randomBytes(500_000).toString('hex');
    const line = `${method} /upload HTTP/1.1`;
    expect((await sendRaw(proxy.port, requestText(line, [close, key()], body))).status).toBe(200);
    expect(gate.application.arrivals).toMatchObject([{ method, bodySha256: sha256(body) }]);
    expect((await sendRaw(proxy.port, requestText(line, [close], 'small'))).status).toBe(401);
    expect(gate.application.arrivals).toHaveLength(1);
  });

  it('a body in chunks', async () => {
    const headers = [close, key(), ['Transfer-Encoding', 'chunked']] as const;
    const text = `${requestText('POST / HTTP/1.1', headers)}5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`;
    expect((await sendRaw(proxy.port, text)).status).toBe(200);
    expect(gate.application.arrivals).toMatchObject([{ bodySha256: sha256('hello world') }]);
  });

  it('HEAD, and OPTIONS with a key only', async () => {
    for (const method of ['HEAD', 'OPTIONS']) {
      const line = `${method} / HTTP/1.1`;
      expect((await sendRaw(proxy.port, requestText(line, [close]))).status).toBe(401);
      const answer = await sendRaw(proxy.port, requestText(line, [close, key()]));
      expect(answer).toMatchObject({ status: 200, body: method === 'HEAD' ? '' : 'good' });
    }
    expect(gate.application.arrivals.map(({ method }) => method)).toEqual(['HEAD', 'OPTIONS']);
  });

  it('HTTP/1.0', async () => {
    expect((await sendRaw(proxy.port, requestText('GET / HTTP/1.0'))).status).toBe(401);
    expect(await sendRaw(proxy.port, requestText('GET / HTTP/1.0', [key()]))).toMatchObject({
      status: 200,
      body: 'good',
    });
  });

  it('a WebSocket upgrade, and none without a key', async () => {
    const upgrade: Header[] = [
      ['Connection', 'Upgrade'],
      ['Upgrade', 'echo'],
    ];
    const ask = 'GET /ws HTTP/1.1';
    const refused = connect({ port: proxy.port, host: '127.0.0.1' });
    expect(await sendUntil(refused, requestText(ask, upgrade), '\r\n\r\n')).toMatch(/^HTTP\/1\.1 401 /);
    refused.destroy();
    await sendRaw(proxy.port, requestText(ask, upgrade), { halfClose: true });
    expect(gate.application.arrivals).toEqual([]);
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    const switched = await sendUntil(socket, requestText(ask, [...upgrade, key()]), '\r\n\r\n');
    expect(switched).toMatch(/^HTTP\/1\.1 101 /);
    expect(await sendUntil(socket, 'hello', 'hello')).toBe('hello');
    expect(gate.application.arrivals[0]?.identity?.key_id).toBe(gate.keys.good.keyId);
    socket.destroy();
    await once(socket, 'close');
  });

  it('one identity for many requests, and another as soon as the key may do something else', async () => {
    const { secret, keyId } = await gate.mint('changing', { scopes: ['projects:read', 'instances:read'] });
    const ask = () => sendRaw(proxy.port, requestText('GET / HTTP/1.1', [close, ['X-API-Key', secret]]));
    for (let i = 0; i < 5; i += 1) expect((await ask()).status).toBe(200);
    const seen = new Set(gate.application.arrivals.map(({ identity }) => identity?.iat));
    expect(seen.size).toBe(1);
    const url = `${gate.world.server.baseUrl}/v1/keys/${keyId}`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${gate.owner.personalKey}` };
    const body = JSON.stringify({ scopes: ['projects:read'] });
    expect((await fetch(url, { method: 'PATCH', headers, body })).status).toBe(200);
    expect((await ask()).status).toBe(200);
    expect(gate.application.arrivals.at(-1)?.identity?.scopes).toEqual(['projects:read']);
  });

  it('the host, and no header of Latchkey but the identity', async () => {
    await sendRaw(proxy.port, requestText('GET / HTTP/1.1', [close, key()]));
    const { rawHeaders = [] } = gate.application.arrivals[0] ?? {};
    const names = rawHeaders.filter((_, index) => index % 2 === 0).map((each) => each.toLowerCase());
    expect(names.filter((each) => /latchkey|api-key|authorization|process-manager/.test(each))).toEqual([
      'x-latchkey-identity',
    ]);
    expect(rawHeaders[rawHeaders.findIndex((each) => /^host$/i.test(each)) + 1]).toBe(host);
  });
});
