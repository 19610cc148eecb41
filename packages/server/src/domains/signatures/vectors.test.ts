import type { SignatureCause } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { type Headers, requestOf, signedAtMs, storedSecret } from './requests-for-tests.ts';
import type { SignedRequest, SigningSecret } from './scheme.ts';
import { type Message, type Sender, senders } from './senders-for-tests.ts';
import { verifySignature } from './verify.ts';
import { writings } from './writings-for-tests.ts';

/** A request that was signed by a library of somebody else, perhaps changed since, and what it must come to. */
interface Vector {
  readonly name: string;
  readonly request: SignedRequest;
  readonly secrets: readonly SigningSecret[];
  readonly expected: 'accepted' | SignatureCause;
}

const message: Message = { id: 'msg_2KWPBgLlAfxdpx2AI54p', body: writings.event.compact, atMs: signedAtMs };

/** A sender whose secret is stored, and what it sends of one message. */
interface Scene {
  readonly sender: Sender;
  readonly secret: SigningSecret;
  readonly other: SigningSecret;
  readonly headers: Headers;
}

async function sceneOf(sender: Sender): Promise<Scene> {
  const { pasted, secret, otherSecret } = sender;
  return {
    sender,
    secret: storedSecret({ ...pasted, secret }),
    other: storedSecret({ ...pasted, secret: otherSecret }),
    headers: await sender.sign(message, secret),
  };
}

function without(headers: Headers, name: string): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));
}

function flipBit(bytes: Buffer, place: number): Buffer {
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(place) ^ 1, place);
  return flipped;
}

/** Another signature of the same form: its first character behind the last prefix is changed. */
function withOtherMac(value: string): string {
  const place = Math.max(value.lastIndexOf(','), value.lastIndexOf('=', value.length - 3)) + 5;
  return value.slice(0, place) + (value[place] === 'a' ? 'b' : 'a') + value.slice(place + 1);
}

function bodyVectors({ secret, headers }: Scene): Vector[] {
  const body = Buffer.from(message.body);
  const bodies: Record<string, Buffer> = {
    'the first bit flipped': flipBit(body, 0),
    'a bit in the middle flipped': flipBit(body, body.length >> 1),
    'the last bit flipped': flipBit(body, body.length - 1),
    'cut off': body.subarray(0, -10),
    'sent twice': Buffer.concat([body, body]),
    emptied: Buffer.alloc(0),
    'another message': Buffer.from(writings.push.compact),
    'a field more': Buffer.from(message.body.replace('}', ',"admin":true}')),
    'a number changed': Buffer.from(message.body.replace('"balance":0', '"balance":9')),
    'filled with NUL': Buffer.concat([body, Buffer.alloc(8)]),
  };
  return Object.entries(bodies).map(([name, changed]) => ({
    name: `body: ${name}`,
    request: requestOf(headers, changed),
    secrets: [secret],
    expected: 'mismatch',
  }));
}

function clockVectors({ sender, secret, headers }: Scene): Vector[] {
  const seconds = [0, 1, 299, 300, -1, -299, -300, 301, 302, 3600, -301, -302, -3600, 86_400 * 365];
  return seconds.map((each) => ({
    name: `clock: ${each} seconds later`,
    request: requestOf(headers, message.body, signedAtMs + each * 1000),
    secrets: [secret],
    expected: sender.isTimed && Math.abs(each) > 300 ? 'clock_off' : 'accepted',
  }));
}

async function millisecondVectors({ sender, secret }: Scene): Promise<Vector[]> {
  if (!sender.isTimed) return [];
  const headers = await sender.sign({ ...message, atMs: signedAtMs * 1000 }, sender.secret);
  const request = requestOf(headers, message.body);
  return [{ name: 'clock: in milliseconds', request, secrets: [secret], expected: 'clock_off' }];
}

function headerVectors({ sender, secret, headers }: Scene): Vector[] {
  const { idHeader, timestampHeader, signatureHeader } = sender;
  const signature = headers[signatureHeader] ?? '';
  const isUnsignedId = sender.pasted.scheme === 'github';
  const vector = (name: string, changed: Headers, expected: Vector['expected']): Vector => ({
    name: `header: ${name}`,
    request: requestOf(changed, message.body),
    secrets: [secret],
    expected,
  });
  const changed = (name: string, value: string) => ({ ...headers, [name]: value });
  const vectors = [
    vector('no signature', without(headers, signatureHeader), 'headers_missing'),
    vector('empty signature', changed(signatureHeader, ''), 'headers_missing'),
    vector('signature cut off', changed(signatureHeader, signature.slice(0, -5)), 'malformed'),
    vector('signature is no signature', changed(signatureHeader, 'garbage'), 'malformed'),
    vector(
      'signature with a character that none has',
      changed(signatureHeader, `${signature.slice(0, -3)}?${signature.slice(-2)}`),
      'malformed',
    ),
    vector('another signature', changed(signatureHeader, withOtherMac(signature)), 'mismatch'),
  ];
  if (idHeader !== undefined) {
    vectors.push(
      vector('no id', without(headers, idHeader), isUnsignedId ? 'accepted' : 'headers_missing'),
      vector('another id', changed(idHeader, 'msg_other'), isUnsignedId ? 'accepted' : 'mismatch'),
      vector('id twice', changed(idHeader, `${message.id}, ${message.id}`), 'malformed'),
    );
  }
  if (timestampHeader !== undefined) {
    vectors.push(
      vector('no timestamp', without(headers, timestampHeader), 'headers_missing'),
      vector('another timestamp', changed(timestampHeader, '1700000001'), 'mismatch'),
      vector('timestamp is no number', changed(timestampHeader, 'soon'), 'malformed'),
      vector('timestamp with a fraction', changed(timestampHeader, '1700000000.5'), 'malformed'),
    );
  }
  return vectors;
}

function secretVectors({ sender, secret, other, headers }: Scene): Vector[] {
  const request = requestOf(headers, message.body);
  const foreign = senders.find(
    ({ pasted }) => pasted.scheme !== sender.pasted.scheme && pasted.scheme !== 'hmac',
  );
  const foreignSecret = foreign && storedSecret({ ...foreign.pasted, secret: foreign.secret });
  const retired = { ...secret, retired: true };
  const vectors: Vector[] = [
    { name: 'secret: a second one', request, secrets: [other, secret], expected: 'accepted' },
    {
      name: 'secret: a retired one beside it',
      request,
      secrets: [{ ...other, retired: true }, secret],
      expected: 'accepted',
    },
    { name: 'secret: another one', request, secrets: [other], expected: 'mismatch' },
    { name: 'secret: retired, another one live', request, secrets: [other, retired], expected: 'old_secret' },
    { name: 'secret: retired, none live', request, secrets: [retired], expected: 'old_secret' },
    { name: 'secret: none', request, secrets: [], expected: 'no_secret' },
  ];
  if (foreignSecret === undefined) return vectors;
  const both = [foreignSecret, secret];
  return [
    ...vectors,
    { name: 'secret: that of another provider beside it', request, secrets: both, expected: 'accepted' },
    {
      name: 'secret: that of another provider',
      request,
      secrets: [foreignSecret],
      // Headers that nobody has described are not seen as a signature at all.
      expected: sender.pasted.scheme === 'hmac' ? 'headers_missing' : 'other_provider',
    },
  ];
}

/** Signs with the text of the secret in forms that are not those of the provider. */
async function formVectors({ sender, secret }: Scene): Promise<Vector[]> {
  const bare = sender.secret.replace('whsec_', '');
  const texts = [
    `v1,${sender.secret}`,
    `whsec_${sender.secret}`,
    `${sender.secret}\n`,
    `${sender.secret}\r\n`,
    `${sender.secret} `,
    ` ${sender.secret}`,
    `"${sender.secret}"`,
    `'${sender.secret}'`,
    ...(sender.isDecoded ? [sender.secret, bare] : []),
    ...(sender.pasted.scheme === 'stripe' ? [bare] : []),
  ];
  const signed = [...new Set(texts)].map(async (text) => {
    const request = requestOf(await sender.signRaw(message, text), message.body);
    const name = `form: ${JSON.stringify(text)}`;
    return { name, request, secrets: [secret], expected: 'secret_form' } as const;
  });
  return Promise.all(signed);
}

/** One thing signed and the same written differently sent, in either direction. */
async function writingVectors({ sender, secret }: Scene): Promise<Vector[]> {
  const pairs = Object.entries(writings).flatMap(([data, { compact, ...others }]) =>
    Object.entries(others)
      .filter(([, text]) => text !== compact)
      .flatMap(([form, text]) => [
        { name: `writing: ${data} signed compact, sent ${form}`, signed: compact, sent: text },
        { name: `writing: ${data} signed ${form}, sent compact`, signed: text, sent: compact },
      ]),
  );
  const vectors = pairs.map(async ({ name, signed, sent }) => {
    const headers = await sender.sign({ ...message, body: signed }, sender.secret);
    return {
      name,
      request: requestOf(headers, sent),
      secrets: [secret],
      expected: 'body_reserialised',
    } as const;
  });
  return Promise.all(vectors);
}

async function vectorsOf(sender: Sender): Promise<Vector[]> {
  const scene = await sceneOf(sender);
  const groups = [
    bodyVectors(scene),
    clockVectors(scene),
    await millisecondVectors(scene),
    headerVectors(scene),
    secretVectors(scene),
    await formVectors(scene),
    await writingVectors(scene),
  ];
  return groups.flat().map((vector) => ({ ...vector, name: `${sender.name}, ${vector.name}` }));
}

function outcomeOf({ request, secrets }: Vector): string {
  const verdict = verifySignature(request, secrets);
  return verdict.ok ? 'accepted' : diagnose(request, secrets, verdict).problem;
}

const vectors = (await Promise.all(senders.map(vectorsOf))).flat();
const results = vectors.map((vector) => ({ ...vector, outcome: outcomeOf(vector) }));
const refusals = results.filter(({ expected }) => expected !== 'accepted');
const misnamed = refusals.filter(({ expected, outcome }) => outcome !== expected);

function namesOf(found: readonly Vector[]): string[] {
  return found.map(({ name }) => name);
}

describe(`${vectors.length} messages signed by libraries of other people`, () => {
  it('are at least 200, each another one', () => {
    expect(new Set(namesOf(vectors)).size).toBe(vectors.length);
    expect(vectors.length).toBeGreaterThanOrEqual(200);
  });

  it(`${refusals.length} of them are wrong, and none of those is accepted`, () => {
    expect(namesOf(refusals.filter(({ outcome }) => outcome === 'accepted'))).toEqual([]);
  });

  it('the others are accepted, every one', () => {
    const right = results.filter(({ expected }) => expected === 'accepted');
    expect(namesOf(right.filter(({ outcome }) => outcome !== 'accepted'))).toEqual([]);
  });

  it(`the cause is named rightly for ${refusals.length - misnamed.length} of ${refusals.length}`, () => {
    expect(misnamed.length / refusals.length).toBeLessThanOrEqual(0.05);
  });

  it('only an order of names that cannot be guessed is taken for a changed body', () => {
    for (const { name, outcome } of misnamed) {
      expect(name).toMatch(/writing: event signed (compact, sent (sorted|keys)|keys reversed)/);
      expect(outcome).toBe('mismatch');
    }
  });
});
