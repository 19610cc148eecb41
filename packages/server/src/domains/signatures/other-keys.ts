import { createSecretKey, type KeyObject } from 'node:crypto';
import type { SigningSecret } from './scheme.ts';

/** A key that a sender may have made of the same secret by mistake. */
export interface OtherKey {
  readonly key: KeyObject;
  /** Completes "the sender …"; holds nothing of the secret. */
  readonly form: string;
}

const prefixes = ['whsec_', 'v1,whsec_', 'whsec_whsec_', 'v1,'] as const;

/** Fewer bytes are no key: a text that is no hex decodes to nothing, and anybody can sign with that. */
const minKeyBytes = 8;

/** The secret as a person sees it, without what a provider puts in front. */
function bareText({ key, encoding }: SigningSecret): string {
  const bytes = key.export() as Buffer;
  const text =
    encoding === 'utf8' ? bytes.toString('utf8') : bytes.toString(encoding === 'hex' ? 'hex' : 'base64');
  return text.replace(/^(v1,)?(whsec_)*/, '');
}

type Form = readonly [bytes: Buffer, form: string];

function* asText(text: string): Generator<Form> {
  yield [
    Buffer.from(text),
    'uses the text of the secret as the key, without its prefix and without decoding it',
  ];
  for (const prefix of prefixes) {
    const form = `uses the text of the secret with ${prefix} in front as the key, without decoding it`;
    yield [Buffer.from(prefix + text), form];
  }
}

function* decoded(text: string): Generator<Form> {
  yield [Buffer.from(text, 'base64'), 'decodes the secret from base64'];
  yield [Buffer.from(text, 'hex'), 'decodes the secret from hex'];
  for (const prefix of prefixes) {
    const form = `decodes the secret from base64 together with ${prefix} in front, which belongs to no key`;
    yield [Buffer.from(prefix + text, 'base64'), form];
  }
}

function* surrounded(text: string): Generator<Form> {
  for (const each of [text, `whsec_${text}`]) {
    for (const space of ['\n', '\r\n', ' ']) {
      yield [Buffer.from(each + space), 'has white space or a line break behind the secret'];
    }
    yield [Buffer.from(` ${each}`), 'has white space in front of the secret'];
    yield [Buffer.from(`"${each}"`), 'has quotes around the secret'];
    yield [Buffer.from(`'${each}'`), 'has quotes around the secret'];
  }
}

function* rewritten(text: string, bytes: Buffer): Generator<Form> {
  const form = 'uses the text of the secret, written in another way, as the key';
  yield [Buffer.from(text.replace(/=+$/, '')), form];
  yield [Buffer.from(bytes.toString('base64url')), form];
  yield [Buffer.from(bytes.toString('hex')), form];
  yield [Buffer.from(text.toLowerCase()), form];
}

/** What the same secret becomes when it is pasted or decoded wrongly; the right key is not among them. */
export function* otherKeys(secret: SigningSecret): Generator<OtherKey> {
  if (secret.key.type !== 'secret') return;
  const own = secret.key.export() as Buffer;
  const text = bareText(secret);
  for (const source of [asText(text), decoded(text), surrounded(text), rewritten(text, own)]) {
    for (const [bytes, form] of source) {
      if (bytes.length >= minKeyBytes && !bytes.equals(own)) yield { key: createSecretKey(bytes), form };
    }
  }
}
