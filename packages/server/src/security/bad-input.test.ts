import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { ErrorCode } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { secondMs } from '../platform/clock.ts';
import { type Field, inputFields, valueAt, withField } from './input-fields.ts';
import {
  besidesPath,
  besidesPathOf,
  bodyPlaces,
  type Fields,
  inPath,
  keyPlaces,
  type Place,
  places,
  publicPlaces,
  rawRequest,
  requestOf,
  type SentRequest,
  urlOf,
} from './places.ts';
import { changesNothing, expectRefusal, refuse } from './refusal.ts';
import { createStage, type Stage } from './stage.ts';
import { exchange } from './wire.ts';

/** Stands in every value that is sent, and so may stand in no answer. */
const marker = 'Zq7mark3r';
const seed = Number(process.env.FAST_CHECK_SEED ?? 20260101);
const emailPlaces = places.filter(({ operation }) => 'email' in operation.input.shape);
const writePlaces = bodyPlaces.filter(({ id }) => id !== 'keys.whoami');

type Headers = SentRequest['headers'];

const notAnObject = [`["${marker}"]`, `"${marker}"`, '12345678901', 'null', 'true', '[]', '[{}]'];

const notJson = [
  marker,
  '{',
  `{"name":"${marker}"`,
  `{name:"${marker}"}`,
  `{'name':'${marker}'}`,
  `{"name":"${marker}",}`,
  `{"name":"${marker}"}{}`,
  '{"name":NaN}',
  '{"name":0x10}',
  '{"name":"a\nb"}',
  '{"name":"\\u12"}',
  `/* ${marker} */{}`,
  `name=${marker}`,
  `<name>${marker}</name>`,
  ' ',
  '\u0000',
];

const reservedNames = [
  `{"__proto__":{"admin":"${marker}"}}`,
  `{"__proto__":"${marker}","__proto__":null}`,
  `{"\\u005f_proto__":{"admin":"${marker}"}}`,
  `{"constructor":{"prototype":{"admin":"${marker}"}}}`,
  `{"a":{"prototype":"${marker}"}}`,
  `{"a":[{"__proto__":[]}]}`,
];

const contentTypes = [
  undefined,
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonp',
  'application/json-seq',
  'application/problem+json',
  'application/octet-stream',
  'application',
  marker,
];

const pathRubbish = [
  '%00',
  'a%00b',
  '%2e%2e%2f%2e%2e%2fetc',
  '..%2fadmin',
  '%252e',
  '%c0%ae',
  '%c0%af',
  '%ff',
  '%ed%a0%80',
  '%',
  '%zz',
  '%e2%80%ae',
  'a b',
  "'%20or%201=1--",
  `${marker}_`,
  marker.repeat(11),
  marker.repeat(12),
  marker.repeat(200),
  marker.repeat(1500),
];

const badEmails = [
  '',
  '   ',
  'a',
  '@',
  'a@',
  '@b.example',
  'a@b',
  'a@localhost',
  'a b@c.example',
  'a@b c.example',
  '.a@b.example',
  'a.@b.example',
  'a..b@c.example',
  'a@b..example',
  'a@.b.example',
  'a@-b.example',
  'a@b-.example',
  'a@b_c.example',
  'a@b@c.example',
  '"a b"@c.example',
  'a(b)@c.example',
  'A <a@b.example>',
  'a@b.example,c@d.example',
  'a@b.example\nBcc: c@d.example',
  'ä@b.example',
  'a@[127.0.0.1]',
  'a@127.0.0.1',
  'a@2130706433',
  'a@0x7f.1',
  'a@１２７.０.０.１',
  'a@b.example/path',
  'a@b.example?query',
  'a@b.example#part',
  'a@b.example:25',
  'a@b.example\\c',
  'a@b%2eexample',
  'a@ex%61mple.com',
  'a@exa\tmple.com',
  'a@xn--.example',
  'a@xn--a.example',
  'a@xn--99zzzz999999999999z.example',
  'a@xn--xn--mnchen-3ya-.example',
  'a@b.xn--zz',
  `${'a'.repeat(65)}@b.example`,
  `a@${'b'.repeat(64)}.example`,
  `a@${'b.'.repeat(130)}example`,
  `${'a'.repeat(288)}@b.example`,
  `a@${'ü'.repeat(60)}.example`,
  'a\u0000@b.example',
  'a@b.example\u0000',
  'a@b\u202e.example',
  '\ud800@b.example',
  'a@\ud800.example',
];

const badQueryValues = [
  marker.repeat(30),
  '-1',
  '0.5',
  '1e400',
  '%00',
  '%ff',
  '%',
  '%ed%a0%80',
  '%e2%80%ae',
  '',
  '%20',
];

/** What some parameters take all the same: ids, slugs, free text to filter by, and a count that starts at nothing. */
const text = ['-1', '0.5', '1e400', '%', '%ff', '%ed%a0%80'];
const goodQueryValues: Readonly<Record<string, readonly string[]>> = {
  cursor: ['-1', '1e400'],
  organizationId: ['-1', '1e400'],
  processInstanceId: ['-1', '1e400'],
  workspace: ['1e400'],
  action: text,
  text,
  actor: text,
  resource: text,
  after: ['', '%20'],
  offset: ['', '%20'],
  workflowId: [...text, '', '%20', '%e2%80%ae'],
};

/** Text that no field takes, whatever it is for. */
const unsafeTexts = [
  '\u0000',
  'a\u0000',
  '\u0007',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u202e',
  '\u2066',
  '\ud800',
  '\udc00a',
];

/** Values of every type but those that a field of this type takes. */
function wrongValues(type: string): unknown[] {
  const byType: Record<string, unknown[]> = {
    string: [marker.length * 1e9, -1, true, false, null, [marker], [], { name: marker }, {}],
    number: [marker, '5', true, null, [5], { value: 5 }, -1, 0, 1.5, 366, 1e21, 1e308],
    integer: [marker, null, [marker], { value: marker }],
    boolean: [marker, 'true', 0, 1, null, [], {}],
    flag: [marker, 'yes', '', 0, 1, null, [], {}],
    object: [marker, 7, true, null, [], [{}]],
    array: [
      marker,
      7,
      true,
      null,
      {},
      [[marker]],
      [7],
      [null],
      [{ scope: marker }],
      [],
      Array(51).fill('skills:read'),
    ],
  };
  return byType[type] ?? [];
}

/** The text fields that do not stand in the path, but for a message that somebody has recorded, which is what it is. */
function textFields(place: Place): Field[] {
  if (place.id === 'signingSecrets.test') return [];
  const names = besidesPath(place);
  return inputFields(place).filter(
    ({ path: [name = ''], type }) => type === 'string' && names.includes(name),
  );
}

function doubled(name: string, spelling = name): string {
  return `{"${name}":"${marker}","${spelling}":"${marker}"}`;
}

function escaped(name: string): string {
  return `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`;
}

const whoami = '/v1/whoami HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n';
const notHttp = [
  `${marker}\r\n\r\n`,
  `GET /${marker} HTTP/9.9\r\n\r\n`,
  `${marker.toUpperCase()} ${whoami}\r\n`,
  `QUERY ${whoami}\r\n`,
  `TRACE ${whoami}\r\n`,
  `GET ${whoami}x-control: \u0001${marker}\r\n\r\n`,
  `GET ${whoami}${marker}: ${marker.repeat(3000)}\r\n\r\n`,
  `GET /${marker.repeat(3000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`,
  `GET /${marker}\u0080 HTTP/1.1\r\nhost: localhost\r\n\r\n`,
  `GET /${marker}%ff HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
  `POST ${whoami}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  `POST ${whoami}content-length: 4\r\ncontent-length: 5\r\n\r\nabcde`,
  `POST ${whoami}content-length: -1\r\n\r\n`,
  `POST ${whoami}transfer-encoding: chunked\r\n\r\n${marker}\r\n`,
];

function tower(open: string, close: string, levels: number): string {
  return `${open.repeat(levels)}1${close.repeat(levels)}`;
}

describeEachEngine('bad input', (open) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(await open());
  });
  afterAll(() => stage.close());

  /** Refused with one of the codes, and nothing of what was sent repeated. */
  async function refuseAt(place: Place, request: SentRequest, ...codes: ErrorCode[]) {
    const headers = { ...request.headers, ...stage.credentialFor(place) };
    const reply = await refuse(stage, place.operation, { ...request, headers }, ...codes);
    expect(reply.text).not.toContain(marker);
    return reply;
  }

  function codesFor(place: Place, path: readonly string[]): ErrorCode[] {
    const own = place.operation.fieldErrors?.[path.join('.')];
    return own === undefined ? ['INVALID_REQUEST'] : [own.missing, own.invalid ?? 'INVALID_REQUEST'];
  }

  function refuseBody(place: Place, payload: string | Buffer, ...codes: ErrorCode[]) {
    return refuseAt(place, rawRequest(place, stage.goodInput(place), payload), ...codes);
  }

  function refuseInput(place: Place, input: Fields, ...codes: ErrorCode[]) {
    return refuseAt(place, requestOf(place, input), ...codes);
  }

  describe.each(bodyPlaces)('in the body of $label', (place) => {
    changesNothing(() => stage);

    it('is what is not JSON', async () => {
      for (const text of notJson) await refuseBody(place, text, 'INVALID_JSON');
    });

    it('is JSON that is not an object', async () => {
      for (const text of notAnObject) await refuseBody(place, text, 'INVALID_REQUEST');
    });

    it('is nothing at all, unless nothing has to be said', async () => {
      const input = stage.goodInput(place);
      const required = besidesPath(place).filter((name) => !place.operation.input.shape[name]?.isOptional());
      const nothing: SentRequest[] = [
        rawRequest(place, input, ''),
        { method: place.method, url: urlOf(place, input), headers: {} },
      ];
      if (place.id === 'keys.update' || place.id === 'instances.update') required.push('something');
      if (required.length === 0) return;
      for (const request of nothing) await refuseAt(place, request);
    });

    it('is any other content type', async () => {
      const body = JSON.stringify(besidesPathOf(place, stage.goodInput(place)));
      for (const type of contentTypes) {
        const { headers: _, ...request } = rawRequest(place, stage.goodInput(place), body);
        const headers: Headers = type === undefined ? {} : { 'content-type': type };
        await refuseAt(place, { ...request, headers }, 'UNSUPPORTED_MEDIA_TYPE');
      }
    });

    it('is JSON in another encoding', async () => {
      const body = JSON.stringify({ ...stage.goodInput(place), description: `ü${marker}` });
      const encoded: [Buffer, Headers][] = [
        [Buffer.from(body, 'latin1'), { 'content-type': 'application/json; charset=latin1' }],
        [Buffer.from(body, 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' }],
        [gzipSync(body), { 'content-encoding': 'gzip' }],
        [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), {}],
        [Buffer.from([0x7b, 0x22, 0xc0, 0xae, 0x22, 0x3a, 0x31, 0x7d]), {}],
        [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), {}],
      ];
      for (const [payload, headers] of encoded) {
        await refuseAt(place, rawRequest(place, stage.goodInput(place), payload, headers), 'INVALID_JSON');
      }
    });

    it('is ten megabytes, announced or not', async () => {
      const large = `{"name":"${marker.repeat(1_200_000)}"}`;
      await refuseBody(place, large, 'PAYLOAD_TOO_LARGE');
      const stream = Readable.from([large.slice(0, 6e6), large.slice(6e6)]);
      await refuseAt(place, rawRequest(place, stage.goodInput(place), stream), 'PAYLOAD_TOO_LARGE');
    });

    it('is nested too deeply', async () => {
      const towers = [
        tower('[', ']', 1000),
        tower('{"a":', '}', 1000),
        tower('[', ']', 100_000),
        tower('{"a":', '}', 40_000),
      ];
      for (const text of towers) {
        await refuseBody(place, text, 'INVALID_JSON');
        await refuseBody(place, `{"name":${text}}`, 'INVALID_JSON', 'PAYLOAD_TOO_LARGE');
      }
    });

    it('is a name that stands in it twice, however it is spelled and wherever it stands', async () => {
      for (const name of ['name', ...besidesPath(place)]) {
        const bodies = [
          doubled(name),
          doubled(name, escaped(name)),
          `{"a":[${doubled(name)}]}`,
          `{"a":${doubled(name)}}`,
        ];
        for (const body of bodies) await refuseBody(place, body, 'INVALID_JSON');
      }
      await refuseBody(place, `{"a":{"b":1,"c":2},"a":"${marker}"}`, 'INVALID_JSON');
      await refuseBody(place, `{"a":"\\\\","a":"${marker}:\\""}`, 'INVALID_JSON');
    });

    it('is a name that reaches a prototype', async () => {
      for (const body of reservedNames) await refuseBody(place, body, 'INVALID_JSON');
      expect(({} as Fields).admin).toBeUndefined();
    });

    it('is a field that the operation does not have, at any level', async () => {
      const objects = inputFields(place).filter(({ type, isOpen }) => type === 'object' && !isOpen);
      const unknown = [['surprise'], ['toString'], ['hasOwnProperty'], [marker], ['']];
      for (const path of [...unknown, ...objects.map((field) => [...field.path, 'surprise'])]) {
        await refuseInput(place, withField(stage.goodInput(place), path, marker), 'INVALID_REQUEST');
      }
    });

    it('is a value of another type, in every field', async () => {
      for (const { path, type } of inputFields(place)) {
        if (inPath(place).includes(path.join('.'))) continue;
        const nullable = place.operation.input.shape[path[0] ?? '']?.safeParse(null).success;
        for (const value of wrongValues(type)) {
          if (value === null && nullable) continue;
          const codes = [...codesFor(place, path), 'INVALID_SCOPE', 'LOGO_INVALID'] as const;
          await refuseInput(place, withField(stage.goodInput(place), path, value), ...codes);
        }
      }
    });

    it('is a number that is too large to be one', async () => {
      const rest = besidesPathOf(place, stage.goodInput(place));
      for (const number of ['1e400', '-1e400', '9'.repeat(400), '1e-400', '0.1']) {
        for (const { path, type } of inputFields(place).filter((field) => field.path.length === 1)) {
          if (type !== 'number') continue;
          const text = JSON.stringify(withField(rest, path, '@@')).replace('"@@"', number);
          await refuseBody(place, text, ...codesFor(place, path));
        }
        await refuseBody(place, `{"surprise":${number}}`);
      }
    });

    it('is text with control characters, direction overrides or half characters, in every field', async () => {
      for (const { path, isUrl } of textFields(place)) {
        // What is no key for such a reason is told so by its verdict.
        if (isUrl || (place.id === 'keys.verify' && path[0] === 'key')) continue;
        for (const text of unsafeTexts) {
          const good = valueAt(stage.goodInput(place), path) ?? 'text';
          const reply = await refuseInput(place, withField(stage.goodInput(place), path, `${good}${text}`));
          expect(JSON.stringify(reply.body)).not.toContain(JSON.stringify(text).slice(1, -1));
        }
      }
    });

    it('is text that is longer than its field', async () => {
      for (const { path } of textFields(place)) {
        await refuseInput(place, withField(stage.goodInput(place), path, marker.repeat(1000)));
      }
    });

    it('is a query beside it', async () => {
      const request = requestOf(place, stage.goodInput(place));
      for (const query of [
        'surprise=1',
        `a=${marker}`,
        'name=x',
        '__proto__=x',
        '=x',
        '&&a&&',
        `${marker}`,
      ]) {
        await refuseAt(place, { ...request, url: `${request.url}?${query}` }, 'INVALID_REQUEST');
      }
    });
  });

  describe.each(bodyPlaces)('in a URL in the body of $label', (place) => {
    it('is such a character, unless it is kept in its ASCII form', async () => {
      for (const { path } of textFields(place).filter(({ isUrl }) => isUrl)) {
        for (const text of unsafeTexts) {
          const input = withField(stage.goodInput(place), path, `https://a.example/${marker}${text}`);
          const reply = await stage.send(requestOf(place, input, stage.credentialFor(place)));
          if (reply.status !== 200) expectRefusal(reply, place.operation);
        }
      }
      expect(JSON.stringify(await stage.dump())).not.toMatch(/[^ -~]|\\u/);
    });
  });

  describe.each(places.filter(({ method }) => method === 'GET'))('in the query of $label', (place) => {
    changesNothing(() => stage);

    it('is a parameter that the operation does not have, or one that is given twice', async () => {
      const request = requestOf(place, stage.goodInput(place));
      const queries = [
        'surprise=1',
        `a=${marker}`,
        '__proto__=x',
        'constructor=x',
        '=x',
        'toString=x',
        'a%00=x',
      ];
      for (const query of queries) {
        const url = `${request.url.split('?')[0]}?${query}`;
        await refuseAt(place, { ...request, url }, 'INVALID_REQUEST');
      }
      for (const name of besidesPath(place)) {
        const url = `${request.url.split('?')[0]}?${name}=1&${name}=2`;
        await refuseAt(place, { ...request, url }, 'INVALID_REQUEST', ...codesFor(place, [name]));
      }
    });

    it('is a value that is none', async () => {
      const request = requestOf(place, stage.goodInput(place));
      for (const name of besidesPath(place)) {
        for (const value of badQueryValues.filter((each) => !goodQueryValues[name]?.includes(each))) {
          const url = `${request.url.split('?')[0]}?${name}=${value}`;
          await refuseAt(place, { ...request, url }, 'INVALID_REQUEST', ...codesFor(place, [name]));
        }
      }
    });
  });

  const pathPlaces = places.filter((place) => inPath(place).length > 0);
  describe.each(pathPlaces)('in the path of $label', (place) => {
    changesNothing(() => stage);

    it('is anything but what it names', async () => {
      for (const name of inPath(place)) {
        for (const rubbish of [...pathRubbish, '', ';', '{keyId}']) {
          const input = stage.goodInput(place);
          // In its place only; the others name what is there.
          const url = urlOf(place, { ...input, [name]: 'in-its-place' }).replace(
            'in-its-place',
            () => rubbish,
          );
          const missing = place.operation.errors.filter((code) => code.endsWith('_NOT_FOUND'));
          const codes = [...codesFor(place, [name]), 'INVALID_REQUEST', 'NOT_FOUND', ...missing] as const;
          await refuseAt(place, { ...requestOf(place, input), url: url.replace(/\/$/, '/x/y') }, ...codes);
          if (place.method === 'GET') continue;
          const rest = besidesPathOf(place, input);
          await refuseBody(place, JSON.stringify({ ...rest, [name]: rubbish }), 'INVALID_REQUEST');
        }
      }
    });

    it('is an id that the body contradicts', async () => {
      if (place.method === 'GET') return;
      for (const name of inPath(place)) {
        for (const value of [null, 7, {}, [], 'another-id', '']) {
          await refuseBody(
            place,
            JSON.stringify({ ...besidesPathOf(place, stage.goodInput(place)), [name]: value }),
            'INVALID_REQUEST',
          );
        }
      }
    });
  });

  describe.each(emailPlaces)('in the address of $label', (place) => {
    changesNothing(() => stage);

    it('is what no mail could be delivered to', async () => {
      for (const email of badEmails) {
        const reply = await stage.send(
          requestOf(place, { ...stage.goodInput(place), email }, stage.credentialFor(place)),
        );
        expect({ email, code: reply.body.error?.code }).toEqual({
          email,
          code: email.trim() === '' ? 'EMAIL_REQUIRED' : 'EMAIL_INVALID',
        });
        await refuseInput(place, { ...stage.goodInput(place), email }, 'EMAIL_REQUIRED', 'EMAIL_INVALID');
      }
    });
  });

  it('is no address that only differs in case, spaces or the spelling of its domain: it is the same account', async () => {
    const spellings = [
      'user@münchen.de',
      ' USER@XN--MNCHEN-3YA.DE\n',
      'user@MÜNCHEN.de',
      'user@münchen。de',
      'user@mu\u0308nchen.de',
    ];
    const [place] = places.filter(({ id }) => id === 'otp.requestSignup');
    if (place === undefined) throw new Error('the operation was renamed');
    const [first, ...others] = spellings;
    const asked = await stage.send(requestOf(place, { email: first }));
    expect(asked.body.data).toMatchObject({ email: 'user@xn--mnchen-3ya.de' });
    for (const email of others) {
      const reply = await stage.send(requestOf(place, { email }));
      expect(reply.body.error?.code, email).toBe('OTP_RESEND_COOLDOWN');
    }
  });

  it('is anything on the wire that is not HTTP, or HTTP that means two things', async () => {
    const http = await createApp(stage.app.deps);
    const url = new URL(await http.listen({ host: '127.0.0.1', port: 0 }));
    const before = await stage.dumpBesidesAudit();
    for (const text of notHttp) {
      const answer = await exchange(Number(url.port), text);
      expect(answer, text.slice(0, 60)).toMatch(/^HTTP\/1\.1 4\d\d /);
      const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
      expect(body).toMatchObject({ success: false, error: { code: expect.any(String) } });
      expect(answer).not.toContain(marker);
    }
    expect(await stage.dumpBesidesAudit()).toEqual(before);
    await http.close();
  });

  describe.each(writePlaces)('of any kind at $label', (place) => {
    // Made-up input may be a good request for a lease, which what ends keys would wait for.
    beforeEach(() => stage.app.clock.advance(5 * secondMs));

    const near = (input: Fields) =>
      fc.record(
        Object.fromEntries(
          besidesPath(place).map((name) => [
            name,
            fc.oneof(
              { weight: 3, arbitrary: fc.constant(input[name]) },
              { weight: 1, arbitrary: fc.jsonValue({ noUnicodeString: false }) },
              { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
              { weight: 1, arbitrary: fc.double() },
              {
                weight: 1,
                arbitrary: fc.constantFrom('000000', 'a@b.example', ['skills:read'], { name: 'ab' }, 7),
              },
            ),
          ]),
        ),
        { requiredKeys: [] },
      );

    it(`is refused whole in the envelope or succeeds (seed ${seed})`, async () => {
      // A wrong code is counted, which is what the operations on codes are for.
      const counted =
        place.operation.access.kind === 'public' ? ['limits', 'rolling_limits', 'otp_challenges'] : [];
      const input = stage.goodInput(place);
      const body = fc.oneof(near(input), fc.jsonValue({ noUnicodeString: false }));
      const few = fc.array(body, { minLength: 8, maxLength: 8 });
      const kept = await stage.keep();
      await fc.assert(
        fc.asyncProperty(few, async (values) => {
          let before = await stage.dumpBesidesAudit(counted);
          for (const value of values) {
            const payload = JSON.stringify(value) ?? 'null';
            const reply = await stage.send(rawRequest(place, input, payload, stage.credentialFor(place)));
            if (reply.status === 200) {
              // What was begun goes on by itself.
              await stage.app.deps.dispatcher.settled();
              before = await stage.dumpBesidesAudit(counted);
            } else expectRefusal(reply, place.operation);
          }
          expect(await stage.dumpBesidesAudit(counted)).toEqual(before);
        }),
        { seed, numRuns: 8 },
      );
      await kept.restore();
    });
  });

  async function expectGood(on: Stage, place: Place): Promise<void> {
    const reply = await on.send(requestOf(place, on.goodInput(place), on.credentialFor(place)));
    expect(reply.status, `${place.label}: ${reply.text}`).toBe(200);
  }

  it('would have been good input but for what is bad in it', async () => {
    // The property may have minted up to the limit.
    const fresh = await createStage(await open());
    const kept = await fresh.keep();
    for (const place of keyPlaces) {
      await expectGood(fresh, place);
      await kept.restore();
    }
    await fresh.close();
  });

  it.each(publicPlaces)('would have been good input at $label', async (place) => {
    // The property may have used the codes up.
    const fresh = await createStage(await open());
    await expectGood(fresh, place);
    await fresh.close();
  });
});
