import type { IncomingMessage } from 'node:http';
import { type CredentialAccess, LatchkeyError } from '@latchkey/protocol';
import type { FastifyRequest } from 'fastify';
import type { Presented } from '../domains/keys/index.ts';
import { clientOf, ipOf } from './caller.ts';
import { sessionCookieOf } from './session.ts';

type Carrier = Presented['carrier'];
type HeaderCarrier = Exclude<Carrier, 'cookie'>;

/** Whose value counts first where the same key stands in several. */
const carriers = ['key-header', 'bearer', 'api-key-header'] as const;

const carrierOf: Readonly<Record<string, HeaderCarrier>> = {
  'x-process-manager-key': 'key-header',
  authorization: 'bearer',
  'x-api-key': 'api-key-header',
};
const lengths = new Set(Object.keys(carrierOf).map(({ length }) => length));

function secretIn(value: string, carrier: Carrier): string | undefined {
  return carrier === 'bearer' ? /^Bearer +(\S.*)$/i.exec(value)?.[1] : value;
}

/** Few keys are bound to addresses, and it takes a while to find out which one a request has come from. */
class Credential<From extends Carrier> implements Presented {
  readonly secret: string;
  readonly carrier: From;
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest, secret: string, carrier: From) {
    this.secret = secret;
    this.carrier = carrier;
    this.#request = request;
  }

  get ip(): string {
    return ipOf(this.#request);
  }

  get client(): string {
    return clientOf(this.#request.headers['user-agent']);
  }
}

/**
 * Every credential that the headers of a request carry, as often as they do: `headers` itself keeps only the first
 * Authorization of several.
 */
export function keysInHeaders(request: FastifyRequest): Credential<HeaderCarrier>[] {
  const { rawHeaders } = request.raw;
  const found: Credential<HeaderCarrier>[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const carrier = lengths.has(name.length) ? carrierOf[name.toLowerCase()] : undefined;
    if (carrier === undefined) continue;
    const secret = secretIn((rawHeaders[index + 1] ?? '').trim(), carrier);
    if (secret !== undefined && secret !== '') found.push(new Credential(request, secret, carrier));
  }
  return found.sort((one, other) => carriers.indexOf(one.carrier) - carriers.indexOf(other.carrier));
}

const bearer = 'Bearer ';

/**
 * The credential in the headers of a request that carries one and as nearly all do; with more than that, or in another
 * form, it takes `keysInHeaders` to say what it is.
 */
export function plainKeyOf({ rawHeaders }: IncomingMessage): Omit<Presented, 'ip'> | undefined {
  let found: Omit<Presented, 'ip'> | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const carrier = lengths.has(name.length) ? carrierOf[name.toLowerCase()] : undefined;
    if (carrier === undefined) continue;
    const value = rawHeaders[index + 1] ?? '';
    if (found !== undefined || (carrier === 'bearer' && !value.startsWith(bearer))) return undefined;
    found = { secret: carrier === 'bearer' ? value.slice(bearer.length) : value, carrier };
  }
  return found;
}

/** The one that several are, where they are the same. Throws `CREDENTIALS_CONFLICT` for several that differ. */
export function onlyOne<Key extends { readonly secret: string }>(keys: readonly Key[]): Key | undefined {
  const [first] = keys;
  if (keys.some(({ secret }) => secret !== first?.secret)) throw new LatchkeyError('CREDENTIALS_CONFLICT');
  return first;
}

/**
 * As `requirePresented`, and where no header carries anything, the session of the dashboard that the request is part
 * of: whoever sends a key means that key.
 */
export function presentedIn(request: FastifyRequest, access: CredentialAccess, publicUrl: string): Presented {
  const session = sessionCookieOf(request, publicUrl);
  const isMeant = session !== undefined && keysInHeaders(request).length === 0;
  return isMeant ? new Credential(request, session, 'cookie') : requirePresented(request, access);
}

/** What a request carries; throws the operation's own refusal where that is nothing, and `CREDENTIALS_CONFLICT`. */
export function requirePresented(request: FastifyRequest, { unauthenticated }: CredentialAccess): Presented {
  const presented = onlyOne(keysInHeaders(request));
  if (presented === undefined) throw new LatchkeyError(unauthenticated ?? 'UNAUTHORIZED');
  return presented;
}
