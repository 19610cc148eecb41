import { once } from 'node:events';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { testCertificate } from '@latchkey/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answering,
  bodyOf,
  closeOf,
  createTestEngine,
  examplePrincipal,
  startTarget,
  type TestEngine,
  type TestTarget,
} from './engine-for-tests.ts';

let engine: TestEngine;
let target: TestTarget;
let answer: Answering;
let paths: string[];

beforeAll(async () => {
  target = await startTarget((request, response) => {
    paths.push(request.url ?? '');
    request.resume();
    return answer(request, response);
  });
});
afterAll(() => target.close());
beforeEach(() => {
  paths = [];
  engine = createTestEngine();
});
afterEach(() => engine.close());

function answers(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): void {
  answer = (_request, response) => void response.writeHead(status, headers).end(body);
}

const json = { 'content-type': 'application/json' };

describe('a target that answers', () => {
  it.each([
    ['JSON', '{"total":3}', 'application/json', { total: 3 }],
    ['JSON with a charset', '[1]', 'application/json; charset=utf-8', [1]],
    ['JSON of another kind', '"Ünder"', 'application/problem+json', 'Ünder'],
    ['null', 'null', 'application/json', null],
    ['text', 'dönè', 'text/plain', { text: 'dönè' }],
    ['what looks like JSON', '{"a":1}', 'text/html', { text: '{"a":1}' }],
    ['an empty text', '', 'application/json', {}],
    ['JSON of a hundred levels', '['.repeat(100) + ']'.repeat(100), 'application/json', expect.any(Array)],
  ])('has %s as its result', async (_what, body, type, result) => {
    answers(200, body, { 'content-type': type });
    expect(await engine.to(target.url)).toEqual({ kind: 'answered', result });
  });

  it('may answer with nothing at all', async () => {
    answers(204);
    expect(await engine.to(target.url)).toEqual({ kind: 'answered', result: {} });
  });

  it.each([
    ['no JSON', Buffer.from('{"a":'), json],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), json],
    ['more than a hundred levels', Buffer.from('['.repeat(101) + ']'.repeat(101)), json],
    ['as many levels as fit', Buffer.from('['.repeat(400_000) + ']'.repeat(400_000)), json],
    ['an encoding that was not asked for', Buffer.from('x'), { 'content-encoding': 'gzip' }],
  ])('is not understood when it says %s', async (_what, body, headers) => {
    answers(200, body, headers);
    expect(await engine.to(target.url)).toMatchObject({
      kind: 'failed',
      unsent: false,
      repeatable: false,
      error: { type: 'external_api_error', code: 'TARGET_ANSWER_INVALID' },
    });
  });

  it('is not asked for a result when that comes by a callback', async () => {
    for (const body of ['{"a":1}', '{"a":', 'x'.repeat(2_000_000)]) {
      answers(202, body, json);
      expect(await engine.to(target.url, { mode: 'callback' })).toEqual({ kind: 'answered', result: null });
    }
  });

  it('has accepted, when the result comes by a callback, even if the connection is lost then', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('{"a"', () => response.destroy());
    };
    expect(await engine.to(target.url, { mode: 'callback' })).toEqual({ kind: 'answered', result: null });
    expect(await engine.to(target.url)).toMatchObject({
      kind: 'failed',
      unsent: false,
      repeatable: true,
      error: { type: 'external_api_error', code: 'TARGET_CONNECTION_LOST' },
    });
  });

  it('may take its time and a preliminary answer', async () => {
    answer = (_request, response) => {
      response.writeProcessing();
      response.writeHead(200, json).end('1');
    };
    expect(await engine.to(target.url)).toEqual({ kind: 'answered', result: 1 });
  });
});

const statuses: readonly (readonly [number, string, 'node_failure' | 'external_api_error', boolean])[] = [
  [301, 'TARGET_REDIRECTED', 'external_api_error', false],
  [302, 'TARGET_REDIRECTED', 'external_api_error', false],
  [304, 'TARGET_REDIRECTED', 'external_api_error', false],
  [307, 'TARGET_REDIRECTED', 'external_api_error', false],
  [308, 'TARGET_REDIRECTED', 'external_api_error', false],
  [400, 'TARGET_REFUSED', 'node_failure', false],
  [401, 'TARGET_REFUSED', 'node_failure', false],
  [404, 'TARGET_REFUSED', 'node_failure', false],
  [408, 'TARGET_BUSY', 'external_api_error', true],
  [422, 'TARGET_REFUSED', 'node_failure', false],
  [425, 'TARGET_BUSY', 'external_api_error', true],
  [429, 'TARGET_BUSY', 'external_api_error', true],
  [500, 'TARGET_FAILED', 'node_failure', false],
  [501, 'TARGET_FAILED', 'node_failure', false],
  [502, 'TARGET_UNAVAILABLE', 'external_api_error', true],
  [503, 'TARGET_UNAVAILABLE', 'external_api_error', true],
  [504, 'TARGET_UNAVAILABLE', 'external_api_error', true],
  [599, 'TARGET_FAILED', 'node_failure', false],
];

describe('a target that refuses', () => {
  it.each(statuses)('with %i counts as %s', async (status, code, type, repeatable) => {
    answers(status, 'secret of the target', { location: `${target.url}/elsewhere` });
    for (const mode of ['sync', 'callback'] as const) {
      const outcome = await engine.to(`${target.url}/here`, { mode });
      const unsent = [425, 429].includes(status);
      expect(outcome).toMatchObject({ kind: 'failed', unsent, repeatable, error: { code, type } });
      expect(outcome).not.toHaveProperty('retryAfterMs');
      expect(JSON.stringify(outcome)).toContain(String(status));
      expect(JSON.stringify(outcome)).not.toContain('secret');
    }
    expect(paths).toEqual(['/here', '/here']);
  });

  it.each([
    [429, '7', 7000],
    [503, '0', 0],
    [503, 'Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    [503, 'Wed, 31 Dec 2025 23:59:59 GMT', 0],
    [503, '99999999999999999999', 86_400_000],
    [503, 'soon', undefined],
    [503, '-1', undefined],
    [500, '7', undefined],
    [404, '7', undefined],
  ])('with %i and Retry-After: %s is left alone for %s ms', async (status, text, retryAfterMs) => {
    answers(status, '', { 'retry-after': text });
    const outcome = await engine.to(target.url);
    expect(outcome.kind === 'failed' && outcome.retryAfterMs).toBe(retryAfterMs);
  });
});

describe('an answer that is too large', () => {
  it('is taken up to a mebibyte', async () => {
    answers(200, 'x'.repeat(1024 * 1024));
    expect(await engine.to(target.url)).toMatchObject({ kind: 'answered' });
  });

  it('is not read where its length is told', async () => {
    answer = (_request, response) => void response.writeHead(200, { 'content-length': '1048577' }).write('x');
    expect(await engine.to(target.url)).toMatchObject({ error: { code: 'TARGET_ANSWER_TOO_LARGE' } });
  });

  it('is cut off while it comes, and so is the connection', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    answer = (request, response) => {
      closed = closeOf(request);
      const pour = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', pour);
      };
      pour();
    };
    expect(await engine.to(target.url)).toMatchObject({
      unsent: false,
      repeatable: false,
      error: { type: 'external_api_error', code: 'TARGET_ANSWER_TOO_LARGE' },
    });
    await closed;
  });
});

describe('a call that ends from this side', () => {
  it('ends at the deadline, whether or not the answer has begun', async () => {
    for (const begin of [false, true]) {
      let closed: Promise<unknown> = Promise.resolve();
      answer = (request, response) => {
        closed = closeOf(request);
        if (begin) response.writeHead(200).write('slow');
      };
      const outcome = await engine.to(target.url, { deadlineAtMs: engine.clock.now() + 50 });
      expect(outcome).toMatchObject({ unsent: false, error: { type: 'timeout', code: 'TARGET_TIMEOUT' } });
      await closed;
    }
  });

  it('sends nothing when the deadline is over', async () => {
    const outcome = await engine.to(target.url, { deadlineAtMs: engine.clock.now() });
    expect(outcome).toMatchObject({ unsent: true, error: { type: 'timeout', code: 'TARGET_TIMEOUT' } });
    expect(paths).toEqual([]);
  });

  it('ends with its signal, and takes the connection with it', async () => {
    const aborting = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    answer = (request) => {
      closed = closeOf(request);
      aborting.abort();
    };
    expect(await engine.to(target.url, {}, aborting.signal)).toMatchObject({
      unsent: false,
      error: { type: 'external_api_error', code: 'CALL_ABORTED' },
    });
    await closed;
  });

  it('sends nothing when its signal has been given before', async () => {
    expect(await engine.to(target.url, {}, AbortSignal.abort())).toMatchObject({
      unsent: true,
      error: { code: 'CALL_ABORTED' },
    });
    expect(paths).toEqual([]);
  });

  it('ends when the engine is closed, and none begins after', async () => {
    answer = () => void engine.close();
    expect(await engine.to(target.url)).toMatchObject({ unsent: false, error: { code: 'CALL_ABORTED' } });
    expect(await engine.to(target.url)).toMatchObject({ unsent: true, error: { code: 'CALL_ABORTED' } });
  });

  it('is dropped unsent while the connection is still being made', async () => {
    const aborting = new AbortController();
    const slow = createTestEngine({
      lookup: (_hostname, _options, callback) => {
        aborting.abort();
        setImmediate(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
      },
    });
    answers(200);
    const url = `http://slow.example:${target.port}`;
    const outcome = await slow.to(`${url}/first`, {}, aborting.signal);
    expect(outcome).toMatchObject({ unsent: true, error: { code: 'CALL_ABORTED' } });
    // The connection of the first is there before that of the second; nothing may have come by it.
    expect(await slow.to(`${url}/second`)).toMatchObject({ kind: 'answered' });
    expect(paths).toEqual(['/second']);
    await slow.close();
  });
});

describe('a target that is not there', () => {
  it('is unreachable when nobody listens', async () => {
    const gone = await startTarget(() => {});
    await gone.close();
    expect(await engine.to(`${gone.url}/hook?key=hunter2`)).toEqual({
      kind: 'failed',
      unsent: true,
      repeatable: true,
      error: {
        type: 'external_api_error',
        code: 'TARGET_UNREACHABLE',
        message: `No connection to 127.0.0.1:${gone.port} could be made.`,
      },
    });
  });

  it('has no address when its name has none', async () => {
    for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
      const lost = createTestEngine({
        lookup: (_hostname, _options, callback) => callback(Object.assign(new Error(code), { code }), []),
      });
      expect(await lost.to('http://nowhere.example/')).toMatchObject({
        unsent: true,
        repeatable: true,
        error: { type: 'external_api_error', code: 'TARGET_NAME_UNKNOWN' },
      });
      await lost.close();
    }
  });

  it('is not trusted when its certificate is not, or when it speaks no TLS', async () => {
    const outcome = await engine.to(`https://127.0.0.1:${target.port}/`);
    expect(outcome).toMatchObject({ unsent: true, repeatable: true, error: { code: 'TARGET_TLS_FAILED' } });
  });

  it('is trusted over TLS when its certificate is, for the name that was called', async () => {
    const { keyPem: key, caPem } = await testCertificate();
    const trusted = getCACertificates('default');
    const secure = createSecureServer(
      { key, cert: caPem },
      (_request, response) => void response.end('safe'),
    );
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const { port } = secure.address() as AddressInfo;
    const named = createTestEngine({
      lookup: (_hostname, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    setDefaultCACertificates([...trusted, caPem]);
    expect(await named.to(`https://localhost:${port}/`)).toEqual({
      kind: 'answered',
      result: { text: 'safe' },
    });
    expect(await named.to(`https://other.example:${port}/`)).toMatchObject({
      unsent: true,
      error: { code: 'TARGET_TLS_FAILED' },
    });
    setDefaultCACertificates(trusted);
    await named.close();
    secure.closeAllConnections();
    secure.close();
  });

  it('may hang up before it answers, and gets no second request for that', async () => {
    answer = (request) => void request.socket.destroy();
    expect(await engine.to(target.url)).toMatchObject({
      unsent: false,
      repeatable: true,
      error: { type: 'external_api_error', code: 'TARGET_CONNECTION_LOST' },
    });
    expect(paths).toHaveLength(1);
  });

  it('may speak another protocol', async () => {
    const other = createTcpServer((socket) => {
      socket.once('data', () => socket.end('220 mail.example.com ESMTP\r\n'));
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await engine.to(`http://127.0.0.1:${port}/`)).toMatchObject({
      unsent: false,
      repeatable: false,
      error: { code: 'TARGET_ANSWER_INVALID' },
    });
    other.close();
  });
});

describe('a target that keeps failing', () => {
  it('is left alone for half a minute, and then tried once', async () => {
    answers(503);
    for (let failure = 1; failure <= 5; failure += 1) await engine.to(target.url);
    answers(200);
    expect(await engine.to(`${target.url}/another/path`)).toMatchObject({
      unsent: true,
      repeatable: true,
      retryAfterMs: 30_000,
      error: {
        type: 'external_api_error',
        code: 'TARGET_RESTING',
        message: expect.stringMatching(
          /is left alone for a while\. 127\.0\.0\.1:\d+ is not available \(503\)\.$/,
        ),
      },
    });
    expect(paths).toHaveLength(5);
    expect(await engine.metrics.registry.getSingleMetricAsString('latchkey_engine_open_circuits')).toMatch(
      / 1$/,
    );
    engine.clock.advance(30_000);
    expect(await engine.to(target.url)).toMatchObject({ kind: 'answered' });
    expect(await engine.metrics.registry.getSingleMetricAsString('latchkey_engine_open_circuits')).toMatch(
      / 0$/,
    );
  });

  it('is still called for another organization', async () => {
    answers(503);
    for (let failure = 1; failure <= 6; failure += 1) await engine.to(target.url);
    answers(200);
    const principal = { ...examplePrincipal, organizationId: 'org-2' };
    expect(await engine.to(target.url, { principal })).toMatchObject({ kind: 'answered' });
    expect(await engine.to(target.url)).toMatchObject({ error: { code: 'TARGET_RESTING' } });
  });

  it('is not left alone for answers that are its own, nor for deadlines', async () => {
    answers(500);
    for (let failure = 1; failure <= 6; failure += 1) await engine.to(target.url);
    answer = () => {};
    for (let failure = 1; failure <= 6; failure += 1) {
      await engine.to(target.url, { deadlineAtMs: engine.clock.now() + 10 });
    }
    answers(200);
    expect(await engine.to(target.url)).toMatchObject({ kind: 'answered' });
  });
});

describe('what is counted', () => {
  it('is every call by its outcome, and nothing of the target', async () => {
    answers(200);
    await engine.to(target.url);
    answers(404);
    await engine.to(`${target.url}/hunter2?key=hunter2`);
    const text = await engine.metrics.registry.metrics();
    expect(text).toContain('latchkey_engine_calls_total{outcome="OK"} 1');
    expect(text).toContain('latchkey_engine_calls_total{outcome="TARGET_REFUSED"} 1');
    expect(text).not.toMatch(/hunter2|127\.0\.0\.1/);
    expect(engine.logLines.join('')).not.toContain('hunter2');
  });
});

describe('connections', () => {
  it('are kept for the next call', async () => {
    let connections = 0;
    const count = () => {
      connections += 1;
    };
    target.server.on('connection', count);
    answers(200, '{}', json);
    for (let each = 1; each <= 20; each += 1) await engine.to(target.url);
    target.server.off('connection', count);
    // A second, where a call begins before the one that has just ended has let go of its connection.
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('carry the body as it is', async () => {
    const sent: Buffer[] = [];
    answer = async (request, response) => {
      sent.push(await bodyOf(request));
      response.end();
    };
    const body = Buffer.from('{ "a" :  "\\u00e9é" , "a":1}\n');
    await engine.to(target.url, { body });
    expect(sent).toEqual([body]);
  });
});
