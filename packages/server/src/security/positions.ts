import { inputFields, withField } from './input-fields.ts';
import {
  besidesPath,
  besidesPathOf,
  type Fields,
  inPath,
  type Place,
  rawRequest,
  requestOf,
  type SentRequest,
  urlOf,
} from './places.ts';

/** For tests: a request with a secret in one place of it. */
export interface Planted {
  readonly position: string;
  readonly request: SentRequest;
}

/** Gives the secret to put in a position. */
export type SecretFor = (position: string) => string;

const headerNames = [
  'x-process-manager-key',
  'x-api-key',
  'authorization',
  'proxy-authorization',
  'cookie',
  'user-agent',
  'referer',
  'origin',
  'host',
  'accept',
  'accept-language',
  'if-none-match',
  'content-encoding',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'forwarded',
  'traceparent',
  'x-anything',
];

/** In the value of every header that means something somewhere, and in the name of one. */
export function inHeaders(good: SentRequest, secretFor: SecretFor): Planted[] {
  const named = (
    position: string,
    header: (secret: string) => Readonly<Record<string, string>>,
  ): Planted => ({
    position: `header ${position}`,
    request: { ...good, headers: { ...good.headers, ...header(secretFor(`header ${position}`)) } },
  });
  return [
    ...headerNames.map((name) => named(name, (secret) => ({ [name]: secret }))),
    named('authorization: Bearer', (secret) => ({ authorization: `Bearer ${secret}` })),
    named('authorization: Basic', (secret) => ({ authorization: `Basic ${btoa(`:${secret}`)}` })),
    named('authorization: Digest', (secret) => ({ authorization: `Digest username="${secret}"` })),
    named('name', (secret) => ({ [`x-${secret}`]: '1' })),
    named('content-type', (secret) => ({ 'content-type': secret })),
    named('content-type charset', (secret) => ({ 'content-type': `application/json; charset=${secret}` })),
  ];
}

/** In each part of the URL. */
export function inUrl(good: SentRequest, secretFor: SecretFor): Planted[] {
  const at = (position: string, url: (secret: string) => string): Planted => ({
    position: `url ${position}`,
    request: { ...good, url: url(secretFor(`url ${position}`)) },
  });
  const [path = '', query = ''] = good.url.split('?');
  const and = query === '' ? '' : `${query}&`;
  const segments = path
    .split('/')
    .map((_, index) => index)
    .slice(1);
  return [
    ...segments.map((index) =>
      at(`segment ${index}`, (secret) => path.split('/').with(index, secret).join('/')),
    ),
    at('segment more', (secret) => `${path}/${secret}`),
    at('segment that cannot be read', (secret) => `${path}/${secret}%ff`),
    at('segment too long', (secret) => path.split('/').with(-2, secret.repeat(9)).join('/')),
    at('query value', (secret) => `${path}?${and}api_key=${secret}`),
    at('query name', (secret) => `${path}?${and}${secret}=1`),
    at('query alone', (secret) => `${path}?${secret}`),
    at('fragment', (secret) => `${path}#${secret}`),
  ];
}

/** In bodies that are no input: malformed, of another type, too large. */
export function inBrokenBodies(place: Place, input: Fields, secretFor: SecretFor): Planted[] {
  const at = (position: string, body: (secret: string) => string | Buffer, headers = {}): Planted => ({
    position: `body ${position}`,
    request: rawRequest(place, input, body(secretFor(`body ${position}`)), headers),
  });
  return [
    at('that is no JSON', (secret) => secret),
    at('that ends early', (secret) => `{"name":"${secret}`),
    at('without quotes', (secret) => `{"name":${secret}}`),
    at('that is a string', (secret) => `"${secret}"`),
    at('that is an array', (secret) => `["${secret}"]`),
    at('with a name twice', (secret) => `{"${secret}":"${secret}","${secret}":1}`),
    at('with a reserved name', (secret) => `{"__proto__":{"${secret}":"${secret}"}}`),
    at('that is no UTF-8', (secret) => Buffer.from(`{"name":"${secret}\xff"}`, 'latin1')),
    at('nested deeply', (secret) => `${'{"a":'.repeat(40)}"${secret}"${'}'.repeat(40)}`),
    at('of another type', (secret) => `name=${secret}`, {
      'content-type': 'application/x-www-form-urlencoded',
    }),
    at('without a type', (secret) => secret, { 'content-type': '' }),
    at('too large', (secret) => JSON.stringify({ name: secret.repeat(6000) })),
  ];
}

/** In each field of the input: as its value, within it, as another type, and as the name of a field beside it. */
export function inFields(place: Place, input: Fields, secretFor: SecretFor): Planted[] {
  const fields = inputFields(place).filter(({ path: [name = ''] }) => besidesPath(place).includes(name));
  const shapes: Record<string, (secret: string) => unknown> = {
    alone: (secret) => secret,
    'within text': (secret) => `my key is ${secret}, keep it`,
    'after an address': (secret) => `${secret}@example.com`,
    'in a URL': (secret) => `https://example.com/?key=${secret}`,
    'in an array': (secret) => [secret],
    'in an object': (secret) => ({ [secret]: secret }),
  };
  const values = fields.flatMap(({ path }) =>
    Object.entries(shapes).map(([shape, value]): Planted => {
      const position = `field ${path.join('.')} ${shape}`;
      return { position, request: requestOf(place, withField(input, path, value(secretFor(position)))) };
    }),
  );
  const objects = [[], ...fields.filter(({ type }) => type === 'object').map(({ path }) => path)];
  const names = objects.map((path): Planted => {
    const position = `field name in ${path.join('.') || 'the input'}`;
    return { position, request: requestOf(place, withField(input, [...path, secretFor(position)], 1)) };
  });
  const contradicted = inPath(place).map((name): Planted => {
    const position = `field ${name} beside the path`;
    const body = JSON.stringify({ ...besidesPathOf(place, input), [name]: secretFor(position) });
    return { position, request: { ...rawRequest(place, input, body), url: urlOf(place, input) } };
  });
  return [...values, ...names, ...(place.method === 'GET' ? [] : contradicted)];
}
