import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { LatchkeyError } from '@latchkey/protocol';
import { isDeeper, maxForeignLevels } from '../../platform/json-depth.ts';
import { membersOf, objectOf } from './json-members.ts';

/** What a workflow is to receive. */
export interface Payload {
  readonly value: Readonly<Record<string, unknown>>;
  /** JSON text of it, in which every number is written as it came. */
  readonly text: string;
}

/** The body of a trigger as it arrived. */
export interface TriggerBody {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** How many bytes there may be when it is unpacked. */
  readonly maxBytes: number;
}

type Fields = Record<string, unknown>;

const metadataName = 'executionMetadata';

type Unpacker = (bytes: Buffer, maxOutputLength: number) => Buffer;

/** By the name of the coding; a map, since callers choose the name. */
const unpackers: ReadonlyMap<string, Unpacker> = new Map<string, Unpacker>([
  ['identity', (bytes) => bytes],
  ['gzip', (bytes, maxOutputLength) => gunzipSync(bytes, { maxOutputLength })],
  ['deflate', (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength })],
  ['br', (bytes, maxOutputLength) => brotliDecompressSync(bytes, { maxOutputLength })],
]);

/** Digits that a double cannot hold, or a form that would be written otherwise; anywhere, also inside a string. */
const mayLosePrecision = /[\d.]{16}|\d[eE]|\d\.\d*0(?!\d)|\.0{6}|-0/;

function unacceptable(problem: string): LatchkeyError {
  return new LatchkeyError('INVALID_JSON', { details: { problem } });
}

function unpack({ bytes, contentEncoding, maxBytes }: TriggerBody): Buffer {
  if (contentEncoding === '') return bytes;
  const unpacker = unpackers.get(contentEncoding.toLowerCase());
  if (unpacker === undefined) throw unacceptable('its Content-Encoding is not known here.');
  try {
    return unpacker(bytes, maxBytes);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new LatchkeyError('PAYLOAD_TOO_LARGE');
    throw unacceptable('it cannot be unpacked as its Content-Encoding says.');
  }
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw unacceptable('it is not UTF-8.');
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unacceptable('it cannot be parsed.');
  }
  if (!isObject(value)) throw unacceptable('it is not an object.');
  if (isDeeper(value)) throw unacceptable(`it has more than ${maxForeignLevels} levels.`);
  return value;
}

/** A form as an object; GitHub can send its JSON as the field `payload` of one. */
function fromForm(text: string): string {
  const form = new URLSearchParams(text);
  const payload = form.get('payload');
  if (payload?.trimStart().startsWith('{')) return payload;
  const fields = [...new Set(form.keys())].map((name) => {
    const values = form.getAll(name);
    return [name, values.length === 1 ? values[0] : values];
  });
  return JSON.stringify(Object.fromEntries(fields));
}

/**
 * Whether the contents of `payload` are meant, rather than the whole body (contract/codika.md E.3). Of a signed message
 * only where there is nothing else in it: such a sender has never heard of our form, and nothing of it is lost.
 */
function isWrapped(body: Fields, isSigned: boolean): boolean {
  if (!Object.hasOwn(body, 'payload')) return false;
  const isFit = body.payload === null || isObject(body.payload);
  if (isSigned) return isFit && Object.keys(body).length === 1;
  if (!isFit) throw unacceptable('its payload is not an object.');
  return true;
}

/** What a caller says of the execution itself is not for its workflow to believe. */
export function withoutMetadata(payload: Fields): Fields {
  if (!Object.hasOwn(payload, metadataName)) return payload;
  const { [metadataName]: _, ...rest } = payload;
  return rest;
}

/** The same object in the words that it came in; most are written again faster than they are looked through. */
function textWithNumbersAsSent(text: string, wrapped: boolean): string {
  const members = membersOf(text);
  const payload = members.find(({ name }) => name === 'payload')?.value;
  const own = wrapped ? membersOf(payload ?? '{}') : members;
  return objectOf(own.filter(({ name }) => name !== metadataName));
}

/**
 * What a workflow is to receive of a body: JSON or a form, packed or not; nothing at all is an empty object. An
 * `executionMetadata` of the caller is left out. Throws `INVALID_JSON`, which never repeats what was sent, and
 * `PAYLOAD_TOO_LARGE`.
 */
export function readPayload(body: TriggerBody, isSigned: boolean): Payload {
  const sent = textOf(unpack(body));
  if (sent.trim() === '') return { value: {}, text: '{}' };
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(body.contentType);
  const text = isForm ? fromForm(sent) : sent;
  const whole = parsed(text);
  const wrapped = isWrapped(whole, isSigned);
  const value = withoutMetadata(wrapped ? ((whole.payload ?? {}) as Fields) : whole);
  return {
    value,
    text: mayLosePrecision.test(text) ? textWithNumbersAsSent(text, wrapped) : JSON.stringify(value),
  };
}
