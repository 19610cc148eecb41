import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { LatchkeyError } from '@latchkey/protocol';

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
}

type Fields = Record<string, unknown>;

/** What a reviver is told of a primitive value: how it stood in the text (ECMAScript, JSON.parse source text access). */
interface Source {
  readonly source?: string;
}
/** Not yet in the type library. */
const json = JSON as typeof JSON & {
  parse(text: string, reviver: (name: string, value: unknown, context: Source) => unknown): unknown;
  rawJSON(text: string): unknown;
};

const maxUnpackedBytes = 10 * 1024 * 1024;
/** By the name of the coding; a map, since callers choose the name. */
const unpackers: ReadonlyMap<string, (bytes: Buffer) => Buffer> = new Map([
  ['identity', (bytes) => bytes],
  ['gzip', (bytes) => gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes })],
  ['deflate', (bytes) => inflateSync(bytes, { maxOutputLength: maxUnpackedBytes })],
  ['br', (bytes) => brotliDecompressSync(bytes, { maxOutputLength: maxUnpackedBytes })],
]);

/** Digits that a double cannot hold, or a form that would be written otherwise; anywhere, also inside a string. */
const mayLosePrecision = /[\d.]{16}|\d[eE]|\d\.\d*0(?!\d)|\.0{6}|-0/;

function unacceptable(problem: string): LatchkeyError {
  return new LatchkeyError('INVALID_JSON', { details: { problem } });
}

function unpack({ bytes, contentEncoding }: TriggerBody): Buffer {
  if (contentEncoding === '') return bytes;
  const unpacker = unpackers.get(contentEncoding.toLowerCase());
  if (unpacker === undefined) throw unacceptable('its Content-Encoding is not known here.');
  try {
    return unpacker(bytes);
  } catch {
    throw unacceptable('it cannot be unpacked as its Content-Encoding says, or is too large when it is.');
  }
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw unacceptable('it is not UTF-8.');
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Numbers that would not be written again as they were read stay the text that they were. */
function keepNumbers(_name: string, value: unknown, { source }: Source): unknown {
  const isChanged = typeof value === 'number' && source !== undefined && JSON.stringify(value) !== source;
  return isChanged ? json.rawJSON(source) : value;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string, reviver?: typeof keepNumbers): Fields {
  let value: unknown;
  try {
    value = reviver === undefined ? JSON.parse(text) : json.parse(text, reviver);
  } catch {
    throw unacceptable('it cannot be parsed.');
  }
  if (!isObject(value)) throw unacceptable('it is not an object.');
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

function withoutMetadata(payload: Fields): Fields {
  if (!Object.hasOwn(payload, 'executionMetadata')) return payload;
  const { executionMetadata: _, ...rest } = payload;
  return rest;
}

/**
 * The contents of `payload` where the body has it, else the whole body (contract/codika.md E.3). Of a signed message
 * only where there is nothing else in it: such a sender has never heard of our form, and nothing of it is lost.
 */
function inner(body: Fields, isSigned: boolean): Fields {
  if (!Object.hasOwn(body, 'payload')) return withoutMetadata(body);
  const payload = body.payload ?? {};
  if (isObject(payload) && (!isSigned || Object.keys(body).length === 1)) return withoutMetadata(payload);
  if (isSigned) return withoutMetadata(body);
  throw unacceptable('its payload is not an object.');
}

/**
 * What a workflow is to receive of a body: JSON or a form, packed or not; nothing at all is an empty object. An
 * `executionMetadata` of the caller is left out. Throws `INVALID_JSON`, which never repeats what was sent.
 */
export function readPayload(body: TriggerBody, isSigned: boolean): Payload {
  const sent = textOf(unpack(body));
  if (sent.trim() === '') return { value: {}, text: '{}' };
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(body.contentType);
  const text = isForm ? fromForm(sent) : sent;
  const value = inner(parsed(text), isSigned);
  const exact = mayLosePrecision.test(text) ? inner(parsed(text, keepNumbers), isSigned) : value;
  try {
    return { value, text: JSON.stringify(exact) };
  } catch {
    throw unacceptable('it is nested too deeply.');
  }
}
