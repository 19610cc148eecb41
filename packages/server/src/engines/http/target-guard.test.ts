import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestEngine, startTarget, type TestEngine, type TestTarget } from './engine-for-tests.ts';
import { createGuardedConnector } from './target-guard.ts';
import { createTargetPolicy, TargetBlockedError } from './target-policy.ts';

let target: TestTarget;
let engine: TestEngine | undefined;
let calls: number;

beforeAll(async () => {
  target = await startTarget((request, response) => {
    calls += 1;
    request.resume();
    if (request.url === '/close') response.setHeader('connection', 'close');
    response.end();
  });
});
afterAll(() => target.close());
beforeEach(() => {
  calls = 0;
});
afterEach(() => engine?.close());

const local: LookupAddress = { address: '127.0.0.1', family: 4 };
/** Documented as going nowhere; allowed here as if it were public, so that nothing is ever sent to a stranger. */
const elsewhere: LookupAddress = { address: '192.0.2.1', family: 4 };

interface Resolver {
  readonly lookup: LookupFunction;
  asked: number;
}

/** Answers each question with the next of the given answers, the last one over and over. */
function resolver(...answers: readonly LookupAddress[][]): Resolver {
  const made: Resolver = {
    asked: 0,
    lookup(_hostname, _options, callback) {
      const answer = answers[Math.min(made.asked, answers.length - 1)] ?? [];
      made.asked += 1;
      setImmediate(() => callback(null, [...answer]));
    },
  };
  return made;
}

const notAllowed = {
  kind: 'failed',
  unsent: true,
  repeatable: false,
  error: { type: 'external_api_error', code: 'TARGET_NOT_ALLOWED' },
};

describe('an address that no target may be at', () => {
  it.each([
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://127.0.0.1',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://localhost.',
    'http://localhost',
    'http://0.0.0.0',
    'http://169.254.169.254',
  ])('is not called as %s', async (host) => {
    engine = createTestEngine({ allowed: [] });
    const outcome = await engine.to(`${host}:${target.port}/hunter2?hunter2`);
    expect(outcome).toMatchObject(notAllowed);
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
    expect(calls).toBe(0);
  });

  it.each([
    ['http://me:hunter2@example.com/'],
    ['http://example.com/#hunter2'],
    ['file:///etc/passwd'],
    ['no URL: hunter2'],
  ])('is not called, nor is what is no target at all: %s', async (url) => {
    engine = createTestEngine();
    const outcome = await engine.to(url);
    expect(outcome).toMatchObject(notAllowed);
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  it.each([
    ['this machine', [local]],
    ['this machine as IPv6', [{ address: '::1', family: 6 }]],
    ['this machine as IPv4 in IPv6', [{ address: '::ffff:127.0.0.1', family: 6 }]],
    ['any address', [{ address: '0.0.0.0', family: 4 }]],
    ['the metadata of a cloud', [{ address: '169.254.169.254', family: 4 }]],
    ['a public and a private address', [elsewhere, local]],
    ['a private and a public address', [local, elsewhere]],
  ])('is not called by a name that leads to %s', async (_what, answer) => {
    const { lookup } = resolver(answer);
    engine = createTestEngine({ allowed: ['192.0.2.0/24'], lookup });
    expect(await engine.to(`http://target.example:${target.port}/`)).toMatchObject({
      ...notAllowed,
      error: { message: `target.example:${target.port} is at an address that this server does not call.` },
    });
    expect(calls).toBe(0);
  });

  it('is not reached by a redirect', async () => {
    const redirecting = await startTarget((request, response) => {
      request.resume();
      response.writeHead(307, { location: target.url }).end();
    });
    engine = createTestEngine();
    expect(await engine.to(redirecting.url)).toMatchObject({ error: { code: 'TARGET_REDIRECTED' } });
    expect(calls).toBe(0);
    await redirecting.close();
  });
});

describe('the connector', () => {
  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:7f00:1',
    '169.254.169.254',
  ])('also refuses %s by itself, for which no name is looked up', async (hostname) => {
    const { lookup } = resolver([local]);
    const connect = createGuardedConnector(createTargetPolicy([]), lookup);
    const failure = await new Promise((resolve) => {
      connect({ hostname, protocol: 'http:', port: String(target.port) }, (...[error]) => resolve(error));
    });
    expect(failure).toBeInstanceOf(TargetBlockedError);
  });
});

describe('a name whose address changes', () => {
  it('is resolved once for a connection, which is made to what was checked', async () => {
    // The first answer is allowed, as a check would see it; the second, as a use would, is not.
    const resolving = resolver([local], [{ address: '127.0.0.2', family: 4 }]);
    engine = createTestEngine({ allowed: ['127.0.0.1'], lookup: resolving.lookup });
    expect(await engine.to(`http://target.example:${target.port}/`)).toMatchObject({ kind: 'answered' });
    expect([resolving.asked, calls]).toEqual([1, 1]);
  });

  it('is checked again for each new connection', async () => {
    const resolving = resolver([local], [{ address: '127.0.0.2', family: 4 }]);
    engine = createTestEngine({ allowed: ['127.0.0.1'], lookup: resolving.lookup });
    const url = `http://target.example:${target.port}/close`;
    expect(await engine.to(url)).toMatchObject({ kind: 'answered' });
    expect(await engine.to(url)).toMatchObject(notAllowed);
    expect([resolving.asked, calls]).toEqual([2, 1]);
  });

  it('keeps the connection that was checked while that lives', async () => {
    const resolving = resolver([local], [local], [{ address: '127.0.0.2', family: 4 }]);
    engine = createTestEngine({ allowed: ['127.0.0.1'], lookup: resolving.lookup });
    for (let call = 1; call <= 10; call += 1) {
      expect(await engine.to(`http://target.example:${target.port}/`)).toMatchObject({ kind: 'answered' });
    }
  });
});

describe('what the operator allows', () => {
  it('is called: a range, an address, a name wherever it leads', async () => {
    for (const allowed of ['127.0.0.0/8', '127.0.0.1', 'target.example', 'TARGET.example.']) {
      engine = createTestEngine({ allowed: [allowed], lookup: resolver([local]).lookup });
      const outcome = await engine.to(`http://target.example.:${target.port}/`);
      expect(outcome, allowed).toMatchObject({ kind: 'answered' });
      await engine.close();
    }
  });

  it('does not lend itself to a name beside it', async () => {
    engine = createTestEngine({ allowed: ['target.example'], lookup: resolver([local]).lookup });
    expect(await engine.to(`http://x.target.example:${target.port}/`)).toMatchObject(notAllowed);
  });

  it('is asked of the system where nothing else answers', async () => {
    engine = createTestEngine({ allowed: ['127.0.0.1', '::1'] });
    expect(await engine.to(`http://localhost:${target.port}/`)).toMatchObject({ kind: 'answered' });
  });
});
