import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { LatchkeyError } from '@latchkey/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPayload, type TriggerBody } from './payload.ts';

interface Sent extends Partial<Omit<TriggerBody, 'bytes'>> {
  readonly isSigned?: boolean;
}

const maxBytes = 1024 * 1024;

function read(
  body: string | Buffer,
  { isSigned = false, contentType = '', contentEncoding = '' }: Sent = {},
) {
  return readPayload({ bytes: Buffer.from(body), contentType, contentEncoding, maxBytes }, isSigned);
}

/** The text that goes to the target. */
function textOf(body: string | Buffer, sent: Sent = {}): string {
  return read(body, sent).text;
}

/** What a body is refused for. */
function problemOf(body: string | Buffer, sent: Sent = {}): unknown {
  try {
    read(body, sent);
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'INVALID_JSON') return error.details?.problem;
    if (error instanceof LatchkeyError) return error.code;
    throw error;
  }
  return 'nothing';
}

const form = { contentType: 'application/x-www-form-urlencoded; charset=utf-8' };
const signed = { isSigned: true };
const noObject = 'it is not an object.';
const noPayload = 'its payload is not an object.';
const noText = 'it is not UTF-8.';
const notUnpacked = 'it cannot be unpacked as its Content-Encoding says.';

describe('what a workflow receives (contract/codika.md E.3)', () => {
  const received: Readonly<Record<string, readonly [body: string, text: string, sent?: Sent]>> = {
    'the contents of payload': ['{"payload":{"order":1}}', '{"order":1}'],
    'the contents of payload only': ['{"payload":{"order":1},"other":2}', '{"order":1}'],
    'a whole object without payload': ['{"order":1}', '{"order":1}'],
    'nothing of an empty payload': ['{"payload":{}}', '{}'],
    'nothing of a payload that is null': ['{"payload":null}', '{}'],
    'nothing of an empty body': ['', '{}'],
    'nothing of a body of white space': [' \r\n\t', '{}'],
    'a payload within the payload as it is': ['{"payload":{"payload":1}}', '{"payload":1}'],
    'the contents of payload, also of a signed message': ['{"payload":{"order":1}}', '{"order":1}', signed],
    'a whole signed message where payload has siblings': [
      '{"payload":{"a":1},"type":"b"}',
      '{"payload":{"a":1},"type":"b"}',
      signed,
    ],
    'a whole signed message whose payload is no object': ['{"payload":[1]}', '{"payload":[1]}', signed],
    'an object after a byte order mark': ['\uFEFF{"order":1}', '{"order":1}'],
    'the last of two members of one name': ['{"order":1,"order":2}', '{"order":2}'],
    'the last of two payloads': ['{"payload":{"a":1},"payload":{"b":2}}', '{"b":2}'],
    'a member called __proto__ as a member': ['{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
    'text of any kind': ['{"a":"\\u0000\\ud800 ü \\"\\\\"}', '{"a":"\\u0000\\ud800 ü \\"\\\\"}'],
    'the fields of a form': ['a=1&b=x+y&c=%C3%BC', '{"a":"1","b":"x y","c":"ü"}', form],
    'a list of a field that stands in a form twice': ['a=1&a=2', '{"a":["1","2"]}', form],
    'the JSON that GitHub puts into a form': ['payload=%7B%22ref%22%3A1%7D', '{"ref":1}', form],
    'a form whatever case its type is written in': [
      'a=1',
      '{"a":"1"}',
      { contentType: 'Application/X-WWW-Form-Urlencoded' },
    ],
    'a field of a form called __proto__': ['__proto__=1', '{"__proto__":"1"}', form],
  };
  it.each(Object.entries(received))('%s', (_what, [body, text, sent]) => {
    expect(textOf(body, sent)).toBe(text);
  });

  const forged: Readonly<Record<string, readonly [body: string, text: string, sent?: Sent]>> = {
    'beside the fields': ['{"a":1,"executionMetadata":{"executionId":"x"}}', '{"a":1}'],
    'inside the payload': ['{"payload":{"a":1,"executionMetadata":{}}}', '{"a":1}'],
    'at both levels': ['{"executionMetadata":1,"payload":{"executionMetadata":2}}', '{}'],
    'written with escapes': ['{"execution\\u004detadata":1,"a":1}', '{"a":1}'],
    'several times': ['{"executionMetadata":1,"a":1,"executionMetadata":2}', '{"a":1}'],
    'beside a number that is kept as text': ['{"executionMetadata":1,"a":1.0}', '{"a":1.0}'],
    'in a signed message': ['{"executionMetadata":1,"a":1}', '{"a":1}', signed],
    'in a signed message with payload': [
      '{"executionMetadata":1,"payload":{"a":1}}',
      '{"payload":{"a":1}}',
      signed,
    ],
    'in a form': ['executionMetadata=1&a=1', '{"a":"1"}', form],
  };
  it.each(Object.entries(forged))('no executionMetadata of the caller %s', (_where, [body, text, sent]) => {
    expect(textOf(body, sent)).toBe(text);
  });

  const refused: Readonly<Record<string, readonly [body: string | Buffer, problem: string, sent?: Sent]>> = {
    'a list': ['[1]', noObject],
    'a text': ['"text"', noObject],
    'a number': ['1', noObject],
    null: ['null', noObject],
    'a signed list': ['[1]', noObject, signed],
    'a payload that is a list': ['{"payload":[]}', noPayload],
    'a payload that is a number kept as text': ['{"payload":12345678901234567890}', noPayload],
    'a payload that is a text': ['{"payload":"text"}', noPayload],
    'half of an object': ['{"a":1', 'it cannot be parsed.'],
    'two objects': ['{}{}', 'it cannot be parsed.'],
    'bytes that are no UTF-8': [Buffer.from('{"a":"\xfc"}', 'latin1'), noText],
    'UTF-16': [Buffer.from('\uFEFF{}', 'utf16le'), noText],
  };
  it.each(Object.entries(refused))('refuses %s', (_what, [body, problem, sent]) => {
    expect(problemOf(body, sent)).toBe(problem);
  });

  it.each([
    98, 99, 10_000, 1_000_000,
  ])('has up to 100 levels as they were sent, and is refused %i more', (inner) => {
    const lists = `${'['.repeat(inner)}1${']'.repeat(inner)}`;
    for (const sent of [`{"a":${lists}}`, `{"a":1.0,"b":${lists}}`]) {
      const problem = problemOf(sent);
      if (inner < 100) expect(textOf(sent)).toBe(sent);
      else expect(problem).toMatch(/^it (cannot be parsed|has more than 100 levels)\.$/);
    }
  });

  it('leaves the prototypes of everything else alone', () => {
    const { value } = read('{"__proto__":{"isPlanted":true}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect('isPlanted' in {}).toBe(false);
  });
});

describe('a packed body', () => {
  const packers = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync } as const;
  const each = Object.entries(packers);

  it.each(each)('is unpacked from %s', (contentEncoding, pack) => {
    expect(textOf(pack('{"payload":{"a":1}}'), { contentEncoding })).toBe('{"a":1}');
    expect(textOf(pack(''), { contentEncoding })).toBe('{}');
  });

  it.each(each)('is refused where %s is too large unpacked', (contentEncoding, pack) => {
    const bomb = pack(`{"a":"${'a'.repeat(10 * 1024 * 1024)}"}`);
    expect(bomb.length).toBeLessThan(100_000);
    expect(problemOf(bomb, { contentEncoding })).toBe('PAYLOAD_TOO_LARGE');
  });

  it.each(each)('is refused where it is no %s, or cut short', (contentEncoding, pack) => {
    expect(problemOf('{"a":1}', { contentEncoding })).toBe(notUnpacked);
    expect(problemOf(pack('{"a":1}').subarray(0, -3), { contentEncoding })).toBe(notUnpacked);
  });

  it('is known by the name of its coding in any case', () => {
    expect(textOf(gzipSync('{"a":1}'), { contentEncoding: 'GZip' })).toBe('{"a":1}');
    expect(textOf('{"a":1}', { contentEncoding: 'identity' })).toBe('{"a":1}');
  });

  it.each([
    'zstd',
    'gzip, gzip',
    'toString',
    'constructor',
    '__proto__',
  ])('is refused with %s, which is not known', (contentEncoding) => {
    expect(problemOf('{"a":1}', { contentEncoding })).toBe('its Content-Encoding is not known here.');
  });
});

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 25 });
/** Every number that JSON can write, as it is written. */
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits.map((text) => text.replace(/^0+(?=.)/, '')),
    fc.option(digits, { nil: undefined }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.nat(400)), { nil: undefined }),
  )
  .map(
    ([sign, whole, fraction, exponent]) =>
      `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`,
  );

const anyObject = fc.dictionary(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((name) => name !== 'executionMetadata'),
  fc.jsonValue({ stringUnit: 'binary' }),
);

describe('what a target parses', () => {
  it.each([
    '12345678901234567890',
    '-9007199254740993',
    '0.1234567890123456789',
    '99999999.999999991',
    '0.0000001',
    '1.0',
    '1.50',
    '1e400',
    '1E5',
    '1e-7',
    '-0',
    '-0.0',
    '5e-324',
  ])('has %s as it was sent', (number) => {
    expect(textOf(`{"a":${number}}`)).toBe(`{"a":${number}}`);
    expect(textOf(`{"payload":{"a":[${number}]}}`)).toBe(`{"a":[${number}]}`);
  });

  it('has every number as it was sent', () => {
    const check = (number: string) => {
      expect(textOf(`{"a":${number}}`)).toBe(`{"a":${number}}`);
    };
    fc.assert(fc.property(numberText, check), { numRuns: 5000 });
  });

  it('is what was sent, in any form that it can be sent in', () => {
    const check = (payload: Record<string, unknown>, space: string) => {
      const wrapped = JSON.stringify({ payload }, undefined, space);
      const parsed: unknown = JSON.parse(JSON.stringify(payload));
      expect(JSON.parse(textOf(wrapped))).toEqual(parsed);
      expect(JSON.parse(textOf(gzipSync(wrapped), { contentEncoding: 'gzip' }))).toEqual(parsed);
      if (!Object.hasOwn(payload, 'payload'))
        expect(JSON.parse(textOf(JSON.stringify(payload)))).toEqual(parsed);
    };
    fc.assert(fc.property(anyObject, fc.constantFrom('', ' ', '\t'), check), { numRuns: 1000 });
  });
});
