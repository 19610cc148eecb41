import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Arrival } from './application.ts';
import { type Gate, openGate } from './gate.ts';
import type { KeyName } from './key-ring.ts';
import type { Edit, ProxyName, RunningProxy } from './proxy.ts';
import { type RawAnswer, requestText, sendRaw } from './raw-http.ts';

type Header = readonly [string, string];

let gate: Gate;
beforeAll(async () => {
  gate = await openGate();
});
afterAll(() => gate.close());

const close: Header = ['Connection', 'close'];
const bearer = (key: KeyName): Header => ['Authorization', `Bearer ${gate.keys[key].secret}`];

function onlyArrival(): Arrival {
  const [arrival, ...others] = gate.application.arrivals;
  if (arrival === undefined || others.length > 0) throw new Error(`${others.length + 1} arrivals`);
  return arrival;
}

/** What the application was sent under a name that somebody could read as this one. */
function folded({ rawHeaders }: Arrival, name: string): string[] {
  return rawHeaders.filter(
    (_, index) => rawHeaders[index - 1]?.toLowerCase().replace(/[^a-z0-9]/g, '-') === name && index % 2 === 1,
  );
}

/** Every spelling in which some server reads the name as ours. */
const spellings = [
  'X-Latchkey-Identity',
  'x-latchkey-identity',
  'X-LATCHKEY-IDENTITY',
  'X_Latchkey_Identity',
  'x_latchkey-identity',
  'X-Latchkey_Identity',
  'X.Latchkey.Identity',
  'X-Latchkey.Identity',
];

describe.each<ProxyName>(['nginx', 'caddy'])('behind %s', (name) => {
  let proxy: RunningProxy;
  beforeAll(async () => {
    proxy = await gate.proxy(name);
  });
  beforeEach(() => {
    gate.application.arrivals.length = 0;
  });

  async function get(path: string, headers: readonly Header[], port = proxy.port): Promise<RawAnswer> {
    return await sendRaw(port, requestText(`GET ${path} HTTP/1.1`, [...headers, close]));
  }

  /** An identity that Latchkey has signed, for somebody else's key. */
  async function stolenIdentity(): Promise<string> {
    await get('/', [bearer('second')]);
    const [token = ''] = folded(onlyArrival(), 'x-latchkey-identity');
    gate.application.arrivals.length = 0;
    return token;
  }

  describe('an identity that the visitor sends himself', () => {
    it.each(spellings)('as %s opens nothing, and does not get through', async (spelling) => {
      const stolen = await stolenIdentity();
      expect((await get('/', [[spelling, stolen]])).status).toBe(401);
      expect(gate.application.arrivals).toEqual([]);
      expect((await get('/', [[spelling, stolen], bearer('good'), [spelling, 'forged']])).status).toBe(200);
      const arrival = onlyArrival();
      expect(arrival.identity?.key_id).toBe(gate.keys.good.keyId);
      expect(folded(arrival, 'x-latchkey-identity')).toHaveLength(1);
    });

    it.each([
      'X-Latchkey-Identity ',
      ' X-Latchkey-Identity',
      'X-Latchkey-Identity\t',
      'X Latchkey Identity',
      'X-Latchkey-Identity\0',
      'X-Latchkey-Identity: a\r\n X-Latchkey-Identity',
      'X-Other: a\n\tX-Latchkey-Identity',
      'X-Other: a\rX-Latchkey-Identity',
    ])('as %j does not get through', async (spelling) => {
      const stolen = await stolenIdentity();
      await get('/', [[spelling, stolen], bearer('good')]);
      for (const arrival of gate.application.arrivals) {
        expect(arrival.identity?.key_id).toBe(gate.keys.good.keyId);
        expect(folded(arrival, 'x-latchkey-identity')).toHaveLength(1);
      }
    });

    it('is not brought back by declaring ours to be of the connection alone', async () => {
      const stolen = await stolenIdentity();
      const names = 'close, X-Latchkey-Identity, X-Latchkey-Verifier-Key, X-Forwarded-Uri, X-Original-URI';
      const headers: Header[] = [['Connection', names], ['X_Latchkey_Identity', stolen], bearer('good')];
      await sendRaw(proxy.port, requestText('GET / HTTP/1.1', headers));
      for (const { identity } of gate.application.arrivals) {
        expect([undefined, gate.keys.good.keyId]).toContain(identity?.key_id);
      }
    });
  });

  describe('a verifier key that the visitor sends himself', () => {
    const foreign = (): Header => ['X-Latchkey-Verifier-Key', gate.keys.foreign.secret];

    it('is replaced by that of the proxy, so that his own organization is not asked about', async () => {
      expect((await get('/', [foreign(), bearer('foreign')])).status).toBe(401);
      expect((await get('/', [foreign(), foreign(), bearer('good')])).status).toBe(200);
      expect(folded(onlyArrival(), 'x-latchkey-verifier-key')).toEqual([]);
    });

    describe('through a proxy that does not set one', () => {
      const careless: Edit = (text) =>
        text
          .split('\n')
          .filter(
            (line) => !/VERIFIER_KEY|X-Latchkey-Verifier-Key|pass_request_headers|-\*latchkey\*/.test(line),
          )
          .join('\n');
      let open: RunningProxy;
      beforeAll(async () => {
        open = await gate.proxy(name, careless);
      });

      it('opens nothing with a key of his own organization: the URL names ours', async () => {
        for (const key of ['foreign', 'good'] as const) {
          expect((await get('/', [foreign(), bearer(key)], open.port)).status).toBe(500);
        }
        expect((await get('/', [bearer('good')], open.port)).status).toBe(500);
        expect(gate.application.arrivals).toEqual([]);
      });

      it('says nothing of whether a key exists, whatever he asks', async () => {
        const bodies = await Promise.all(
          (['good', 'revoked', 'unknown'] as const).map((key) =>
            get('/', [foreign(), bearer(key)], open.port),
          ),
        );
        const said = bodies.map(({ status, body }) => `${status} ${body.replace(/"requestId":"[^"]*"/, '')}`);
        expect(new Set(said).size).toBe(1);
      });

      it('opens to whoever has stolen ours what it opens to everybody, and no more', async () => {
        const ours: Header = ['X-Latchkey-Verifier-Key', gate.keys.verifier.secret];
        expect((await get('/', [ours], open.port)).status).toBe(401);
        expect((await get('/', [ours, bearer('withoutScope')], open.port)).status).toBe(403);
        expect(gate.application.arrivals).toEqual([]);
      });
    });
  });

  describe('the question of the proxy', () => {
    it.each([
      '',
      '&scope=',
      '&nginx=1',
      '&resource=x',
    ])('is not changed by what the visitor asks for (%s)', async (more) => {
      const organizationId = gate.keys.foreign.keyId;
      const query = `?organization=${organizationId}&scope=instances:read${more}`;
      expect((await get(`/${query}`, [bearer('withoutScope')])).status).toBe(403);
      expect((await get(`/${query}`, [bearer('foreign')])).status).toBe(401);
      expect(gate.application.arrivals).toEqual([]);
    });

    it('is asked at no place that the visitor reaches', async () => {
      for (const path of ['/latchkey', '/v1/forward-auth?organization=x']) {
        expect((await get(path, [])).status).toBeGreaterThanOrEqual(400);
      }
      expect(gate.application.arrivals).toEqual([]);
    });
  });

  describe('a path', () => {
    it.each([
      '/admin',
      '/reports',
      '/Reports/1',
      '/%72eports/../admin',
      '/reports/../admin',
      '/reports/%2e%2e/admin',
      '/reports/%2E%2E%2Fadmin',
      '/reports/..%2fadmin',
      '/reports/%252e%252e/admin',
      '/reports/..;/admin',
      '/reports/./1',
      '/reports//1',
      '//reports/1',
      '/reports/..\\admin',
      '/reports/%5c..%5cadmin',
      '/reports/1%00',
      '/reports/1#/../../admin',
      '/reports/%c0%ae%c0%ae/admin',
      'http://reports.example/admin',
    ])('%s is not reached with a key for /reports/*', async (path) => {
      expect((await get(path, [bearer('forReports')])).status).toBeOneOf([400, 403]);
      expect(gate.application.arrivals).toEqual([]);
    });

    it('is what was asked for, whatever the headers say that was', async () => {
      const lies: Header[] = [
        ['X-Original-URI', '/reports/1'],
        ['X-Forwarded-Uri', '/reports/1'],
        ['X-Forwarded-Path', '/reports/1'],
        ['X-Rewrite-URL', '/reports/1'],
        ['X-Forwarded-Host', 'admin.example'],
        ['X-Forwarded-Method', 'OPTIONS'],
      ];
      for (const lie of lies) expect((await get('/admin', [lie, bearer('forReports')])).status).toBe(403);
      expect((await get('/admin', [...lies, bearer('forReports')])).status).toBe(403);
      expect(gate.application.arrivals).toEqual([]);
    });

    it('is the same to the application as to Latchkey', async () => {
      expect((await get('/%72eports/a%20b?x=%2f..', [bearer('forReports')])).status).toBe(200);
      expect(onlyArrival().target).toBe('/%72eports/a%20b?x=%2f..');
    });
  });

  describe('a message that is read in two ways', () => {
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: reports.example\r\nX-Latchkey-Identity: forged\r\n\r\n';

    it.each([
      ['two lengths', 'Content-Length: 0\r\nContent-Length: 90\r\n'],
      ['a length and chunks', `Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: chunked\r\n`],
      [
        'chunks in another spelling',
        `Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: xchunked\r\n`,
      ],
      ['chunks behind a space', `Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding : chunked\r\n`],
      ['a length with a sign', 'Content-Length: +5\r\n'],
    ])('(%s) gets no second request past the question', async (_name, lengths) => {
      const head = `POST / HTTP/1.1\r\nHost: reports.example\r\nConnection: close\r\n${lengths}`;
      const key = `Authorization: Bearer ${gate.keys.good.secret}\r\n\r\n`;
      await sendRaw(proxy.port, `${head}${key}0\r\n\r\n${smuggled}`, { halfClose: true });
      const targets = gate.application.arrivals.map(({ target }) => target);
      expect(targets).not.toContain('/smuggled');
    });
  });

  it.each([
    'X-API-Key',
    'X-Process-Manager-Key',
    'Authorization',
  ])('two different keys, both as %s, are never taken for one another', async (header) => {
    const scheme = header === 'Authorization' ? 'Bearer ' : '';
    const [first, second] = [gate.keys.good, gate.keys.second];
    const both: Header[] = [first, second].map(({ secret }) => [header, `${scheme}${secret}`]);
    const { status } = await get('/', both);
    // nginx before 1.23 hands on the first and nothing of the other; all else is refused.
    if (status === 200) expect(onlyArrival().identity?.key_id).toBe(first.keyId);
    else expect(status).toBeOneOf([400, 401]);
    expect(JSON.stringify(gate.application.arrivals)).not.toContain(second.secret);
  });

  it('headers of any size let nobody in, and shut nobody with many cookies out', async () => {
    const cookies: Header[] = Array.from({ length: 3 }, (_, index) => [
      'Cookie',
      `c${index}=${'x'.repeat(7_000)}`,
    ]);
    expect((await get('/', cookies)).status).toBe(401);
    expect((await get('/', [...cookies, bearer('good')])).status).toBe(200);
    gate.application.arrivals.length = 0;
    for (const size of [7_000, 20_000, 200_000]) {
      const big: Header[] = [
        ['X-Big', 'x'.repeat(size)],
        ['X-Latchkey-Identity', 'y'.repeat(size)],
      ];
      expect((await get('/', big)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await get('/', [['Authorization', `Bearer ${'x'.repeat(5_000)}`]])).status).toBe(401);
    expect(gate.application.arrivals).toEqual([]);
  });

  it('the key has to be sent with each request of a connection', async () => {
    const line = 'GET / HTTP/1.1';
    const text = [
      requestText(line, [bearer('good')]),
      requestText(line),
      requestText(line, [bearer('second')]),
      requestText(line, [close]),
    ].join('');
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece)).write(text);
    await once(socket, 'close');
    const statuses = [
      ...Buffer.concat(pieces)
        .toString()
        .matchAll(/HTTP\/1\.1 (\d{3}) /g),
    ].map((each) => each[1]);
    expect(statuses).toEqual(['200', '401', '200', '401']);
    const { good, second } = gate.keys;
    const seen = gate.application.arrivals.map(({ identity }) => identity?.key_id);
    expect(seen).toEqual([good.keyId, second.keyId]);
  });
});
