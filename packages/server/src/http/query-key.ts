import type { IncomingMessage } from 'node:http';
import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const keyParameter = 'api_key';
/** Without any of these, no name can be that one; looking at each would take longer than most answers. */
const nameInSight = /[?&](?:api_key=|[^=&]*%)/i;
const lifted = new WeakMap<IncomingMessage, readonly string[]>();

function nameOf(pair: string): string {
  try {
    return decodeURIComponent(pair.split('=', 1)[0] ?? '');
  } catch {
    return '';
  }
}

function keyIn(pair: string): string {
  const text = pair.slice(pair.indexOf('=') + 1).replaceAll('+', ' ');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes keys out of the URL of a request and keeps them apart, before anything else has seen the URL. */
export function liftKeys(request: IncomingMessage): void {
  const { url = '' } = request;
  if (!nameInSight.test(url)) return;
  const start = url.indexOf('?');
  const pairs = url.slice(start + 1).split('&');
  const isKey = (pair: string) => nameOf(pair).toLowerCase() === keyParameter && pair.includes('=');
  const keys = pairs.filter(isKey);
  if (keys.length === 0) return;
  const rest = pairs.filter((pair) => !isKey(pair)).join('&');
  request.url = url.slice(0, start) + (rest === '' ? '' : `?${rest}`);
  const values = keys.map(keyIn).filter((key) => key !== '');
  if (values.length > 0) lifted.set(request, values);
}

/** The keys that the URL of a request was sent with. */
export function keysInUrl(request: IncomingMessage): readonly string[] {
  return lifted.get(request) ?? [];
}

/** Throws `KEY_IN_URL_REFUSED` for a key in the URL of an operation that takes none from there. */
export function refuseKeysInUrl({ raw }: FastifyRequest): void {
  if (keysInUrl(raw).length === 0) return;
  const reason = 'only the trigger and status paths take one from there.';
  const advice =
    'Send the key in its header. If others can read the logs on the way here, revoke it and mint another.';
  throw new LatchkeyError('KEY_IN_URL_REFUSED', { fill: { reason, advice } });
}

/**
 * From here on no log, error, metric or trace can hold a key that was sent in a URL: it is gone from the URL when the
 * request leaves the socket, before any framework has looked at it.
 */
export function liftKeysFromUrls(app: FastifyInstance): void {
  app.server.prependListener('request', liftKeys);
  // A request that is handed over without a socket.
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    liftKeys(raw);
    done();
  });
}
