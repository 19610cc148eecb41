import { createHmac, type KeyObject } from 'node:crypto';
import type { HmacSettings } from '@latchkey/protocol';
import { secondMs } from '../../platform/clock.ts';
import { githubHeaders } from './github.ts';
import type { SignedRequest, SigningSecret } from './scheme.ts';
import { standardHeaders } from './standard.ts';
import { stripeHeader } from './stripe.ts';

type Headers = Readonly<Record<string, string>>;

const id = 'msg_sample';
const body = '{"sample":true}';

function macOf(
  key: KeyObject,
  text: string,
  encoding: 'hex' | 'base64' | 'base64url',
  algorithm = 'sha256',
): string {
  return createHmac(algorithm, key).update(text).digest(encoding);
}

function hmacHeaders(key: KeyObject, settings: HmacSettings, timestamp: string): Headers {
  const { header, prefix, timestampHeader, idHeader, template, algorithm, encoding } = settings;
  const values: Headers = { body, id, timestamp };
  const signed = template.replace(/\{(body|id|timestamp)\}/g, (_, name: string) => values[name] ?? '');
  return {
    [header]: prefix + macOf(key, signed, encoding, algorithm),
    ...(timestampHeader !== undefined && { [timestampHeader]: timestamp }),
    ...(idHeader !== undefined && { [idHeader]: id }),
  };
}

function headersOf(secret: SigningSecret, timestamp: string): Headers {
  const { key } = secret;
  if (secret.scheme === 'hmac') return hmacHeaders(key, secret.settings, timestamp);
  if (secret.scheme === 'stripe') {
    return { [stripeHeader]: `t=${timestamp},v1=${macOf(key, `${timestamp}.${body}`, 'hex')}` };
  }
  if (secret.scheme === 'github') return { [githubHeaders[0]]: `sha256=${macOf(key, body, 'hex')}` };
  const [idHeader, timestampHeader, signatureHeader] = standardHeaders[0];
  const signature = `v1,${macOf(key, `${id}.${timestamp}.${body}`, 'base64')}`;
  return { [idHeader]: id, [timestampHeader]: timestamp, [signatureHeader]: signature };
}

/** A message as a sender with this secret would sign it now; none where it is a public key, which cannot sign. */
export function signedSample(secret: SigningSecret, nowMs: number): SignedRequest | undefined {
  if (secret.key.type === 'public') return undefined;
  const headers = headersOf(secret, String(Math.floor(nowMs / secondMs)));
  return { header: (name) => headers[name], body: Buffer.from(body), nowMs };
}
