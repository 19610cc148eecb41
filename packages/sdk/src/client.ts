import type { Request as Asked, Envelope, Output } from '@latchkey/protocol';
import { type OperationId, type Route, routes } from '@latchkey/protocol/routes';
import { envelopeOf } from './envelope.ts';
import { postedRequest, routedRequest, type WireRequest } from './request.ts';
import { invalidResponse, redirected, transportErrorOf } from './transport-error.ts';

export interface ClientOptions {
  /** `http:` or `https:`, with or without a path; slashes at its end do not matter. */
  readonly baseUrl: string;
  /** Sent in the header where keys of its family belong, as its prefix says; never to the target of a redirect. */
  readonly apiKey?: string | undefined;
  /** The token of a session, in place of a key: sent as `Authorization: Bearer`. */
  readonly accessToken?: string | undefined;
  readonly fetch?: typeof globalThis.fetch;
  /** For the whole call, the body included; 30 seconds unless told. */
  readonly timeoutMs?: number;
  readonly userAgent?: string;
}

export interface CallOptions {
  /** The whole address of the endpoint in place of base URL and route; the input is then posted as JSON. */
  readonly url?: string | undefined;
  /** In place of that of the client, for this call. */
  readonly timeoutMs?: number | undefined;
}

/** The envelope that the server sent, and the HTTP status it came with. */
export type Answer<Data> = Envelope<Data> & { readonly status: number };

export interface Client {
  /** Without slashes at its end. */
  readonly baseUrl: string;
  /**
   * Calls one operation. A refusal by the server is returned, not thrown.
   *
   * @throws {TransportError} when no envelope came back.
   */
  call<Id extends OperationId>(id: Id, input: Asked<Id>, options?: CallOptions): Promise<Answer<Output<Id>>>;
}

function normalBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const usable =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!usable || url.search !== '' || url.hash !== '') {
    throw new TypeError('The base URL must be an http or https address without user, query and fragment.');
  }
  return url.href.replace(/\/+$/, '');
}

/** Checked here because the runtime's own error would quote the secret. */
function credentialHeader({ apiKey, accessToken }: ClientOptions): Record<string, string> {
  const secret = apiKey ?? accessToken;
  if (secret === undefined) return {};
  if (apiKey !== undefined && accessToken !== undefined) {
    throw new TypeError('Give an API key or the token of a session, not both.');
  }
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new TypeError('The API key or token holds characters that none has.');
  }
  if (apiKey === undefined || /^ck_(dev|sandbox|live)_/.test(apiKey)) {
    return { Authorization: `Bearer ${secret}` };
  }
  return apiKey.startsWith('ck_') ? { 'X-API-Key': apiKey } : { 'X-Process-Manager-Key': apiKey };
}

/** What stands in `data` is the server's word: only the envelope around it is checked. */
function answerOf<Data>(address: string, response: Response, text: string, flat: boolean): Answer<Data> {
  const isRedirect = response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400);
  if (isRedirect) throw redirected(address, response);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw invalidResponse(address, response);
  }
  const envelope = envelopeOf<Data>(body, flat);
  if (envelope === undefined) throw invalidResponse(address, response);
  return { ...envelope, status: response.status };
}

/**
 * A client of one server. It loads no schema: the server checks what is sent, and what comes back is
 * checked for being an envelope.
 *
 * @throws {TypeError} when the base URL or the key cannot be used; the message never holds the key.
 */
export function createClient(options: ClientOptions): Client {
  const { fetch: send = globalThis.fetch, timeoutMs = 30_000, userAgent } = options;
  const baseUrl = normalBaseUrl(options.baseUrl);
  const headers = {
    Accept: 'application/json',
    ...(userAgent === undefined ? {} : { 'User-Agent': userAgent }),
    ...credentialHeader(options),
  };

  async function exchange({ method, url, body }: WireRequest, address: string, withinMs: number) {
    const signal = AbortSignal.timeout(withinMs);
    const content = body === undefined ? {} : { body };
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    try {
      const response = await send(url, {
        method,
        headers: { ...headers, ...type },
        redirect: 'manual',
        signal,
        ...content,
      });
      return { response, text: await response.text() };
    } catch (error) {
      throw transportErrorOf(error, address, withinMs);
    }
  }

  return {
    baseUrl,
    async call<Id extends OperationId>(id: Id, input: Asked<Id>, options: CallOptions = {}) {
      const { url, timeoutMs: withinMs = timeoutMs } = options;
      const route: Route = routes[id];
      const request = url === undefined ? routedRequest(baseUrl, route, input) : postedRequest(url, input);
      const address = url ?? baseUrl;
      const { response, text } = await exchange(request, address, withinMs);
      return answerOf<Output<Id>>(address, response, text, route.flat ?? false);
    },
  };
}
