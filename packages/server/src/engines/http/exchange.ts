import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** One request to a target, and how far it got. */
export interface Exchange {
  /** Whether anything of the request may have reached the target. */
  readonly started: boolean;
  /** The head of the answer, where one came. */
  readonly head: { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined;
  /** Why the answer is not whole; undefined where it is. */
  readonly failure: Error | undefined;
  /** The answer's body as far as it came. */
  readonly body: Buffer;
}

/** The answer's body is larger than is taken. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

class Exchanging implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #head: Exchange['head'];
  #ended = false;
  #size = 0;
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  readonly #resolve: (exchange: Exchange) => void;

  constructor(maxBytes: number, resolve: (exchange: Exchange) => void) {
    this.#maxBytes = maxBytes;
    this.#resolve = resolve;
  }

  /** Ends it here. What still waits for a connection is dropped once it gets one, before anything is written. */
  end(failure?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#resolve({
      started: this.#controller !== undefined,
      head: this.#head,
      failure,
      body: Buffer.concat(this.#chunks),
    });
    if (failure !== undefined) this.#controller?.abort(failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended) controller.abort(new Error('ended before it was sent'));
    else this.#controller = controller;
  }

  onResponseStart(_controller: unknown, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#head = { status, headers };
    if (Number(headers['content-length']) > this.#maxBytes) this.end(new AnswerTooLargeError());
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#maxBytes) this.end(new AnswerTooLargeError());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.end(error);
  }
}

/**
 * Sends one request and takes its answer whole, up to `maxBytes`. Follows nothing. A signal that aborts ends it at once,
 * also while the connection is made. Never rejects.
 */
export function exchange(
  connections: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { signals, maxBytes }: { readonly signals: readonly AbortSignal[]; readonly maxBytes: number },
): Promise<Exchange> {
  const { promise, resolve } = Promise.withResolvers<Exchange>();
  const exchanging = new Exchanging(maxBytes, resolve);
  const abort = () => exchanging.end(new Error('ended from this side'));
  for (const signal of signals) signal.addEventListener('abort', abort);
  try {
    if (signals.some(({ aborted }) => aborted)) abort();
    else connections.dispatch(request, exchanging);
  } catch (error) {
    exchanging.end(error as Error);
  }
  return promise.finally(() => {
    for (const signal of signals) signal.removeEventListener('abort', abort);
  });
}
