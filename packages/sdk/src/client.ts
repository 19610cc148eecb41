import type { Request as Asked, Envelope, Output } from '@latchkey/protocol';
import { type OperationId, type Route, routes } from '@latchkey/protocol/routes';
import { unwrap } from './api-error.ts';
import { envelopeOf } from './envelope.ts';
import { baseHeaders, headersOf } from './headers.ts';
import { isRepeatable, repeatedly } from './repetition.ts';
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
  /** For the whole call, the body and all repetitions included; 30 seconds unless told. */
  readonly timeoutMs?: number;
  readonly userAgent?: string;
  /** How often a call that changes nothing, or has an idempotency key, is sent again when it fails; 2 unless told. */
  readonly maxRetries?: number;
  /** How to wait before that. */
  readonly delay?: (ms: number) => Promise<void>;
  /** Spreads the waiting; from 0 up to, not including, 1. */
  readonly random?: () => number;
}

export interface CallOptions {
  /** The whole address of the endpoint in place of base URL and route; the input is then posted as JSON. */
  readonly url?: string | undefined;
  /** In place of that of the client, for this call. */
  readonly timeoutMs?: number | undefined;
  /**
   * Sent as `Idempotency-Key`, the same with each repetition: what is sent twice with it happens once. A new one for
   * each thing that is wanted, such as `crypto.randomUUID()`.
   */
  readonly idempotencyKey?: string | undefined;
  /** In place of that of the client, for this call. */
  readonly maxRetries?: number | undefined;
  /** Ends the call with its reason, which is then what is thrown. */
  readonly signal?: AbortSignal | undefined;
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
   * @throws {TypeError} when there is no such operation.
   */
  call<Id extends OperationId>(id: Id, input: Asked<Id>, options?: CallOptions): Promise<Answer<Output<Id>>>;
  /**
   * Calls one operation and answers what it brought.
   *
   * @throws {LatchkeyApiError} when the server refuses.
   * @throws {TransportError} when no envelope came back.
   */
  callOrThrow<Id extends OperationId>(id: Id, input: Asked<Id>, options?: CallOptions): Promise<Output<Id>>;
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

interface Exchange {
  /** What errors name. */
  readonly address: string;
  readonly request: WireRequest;
  readonly headers: Record<string, string>;
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * A client of one server. It loads no schema: the server checks what is sent, and what comes back is
 * checked for being an envelope.
 *
 * @throws {TypeError} when the base URL or the key cannot be used; the message never holds the key.
 */
export function createClient(options: ClientOptions): Client {
  const { fetch: send = globalThis.fetch, timeoutMs = 30_000 } = options;
  const { maxRetries = 2, delay = pause, random = Math.random } = options;
  const baseUrl = normalBaseUrl(options.baseUrl);
  const headers = baseHeaders(options);

  /** One sending. `withinMs` is that of the whole call, for the message. */
  async function exchange({ address, request, headers, withinMs, signal: ended }: Exchange, leftMs: number) {
    const { method, url, body } = request;
    const content = body === undefined ? {} : { body };
    const late = AbortSignal.timeout(Math.max(Math.ceil(leftMs), 0));
    const signal = ended === undefined ? late : AbortSignal.any([ended, late]);
    try {
      const response = await send(url, { method, headers, redirect: 'manual', signal, ...content });
      return { response, text: await response.text() };
    } catch (error) {
      ended?.throwIfAborted();
      throw transportErrorOf(error, address, withinMs);
    }
  }

  async function call<Id extends OperationId>(id: Id, input: Asked<Id>, options: CallOptions = {}) {
    const { url, timeoutMs: withinMs = timeoutMs, idempotencyKey, signal } = options;
    const { maxRetries: retries = maxRetries } = options;
    const route: Route | undefined = Object.hasOwn(routes, id) ? routes[id] : undefined;
    if (route === undefined) throw new TypeError(`No operation is called "${id}".`);
    const request = url === undefined ? routedRequest(baseUrl, route, input) : postedRequest(url, input);
    const address = url ?? baseUrl;
    const sentHeaders = headersOf(headers, request, idempotencyKey);
    const prepared = { address, request, headers: sentHeaders, withinMs, signal };
    const deadlineMs = performance.now() + withinMs;
    const send = () => exchange(prepared, deadlineMs - performance.now());
    const most = isRepeatable(id, route, idempotencyKey) ? retries : 0;
    const { response, text } = await repeatedly(send, { maxRetries: most, delay, random }, deadlineMs);
    return answerOf<Output<Id>>(address, response, text, route.flat ?? false);
  }

  return {
    baseUrl,
    call,
    callOrThrow: async (id, input, options) => unwrap(await call(id, input, options)),
  };
}
