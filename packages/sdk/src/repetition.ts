import type { OperationId, Route } from '@latchkey/protocol/routes';
import { TransportError } from './transport-error.ts';

/** Operations that change nothing though they are no GET; the operation table says so too. */
const readsOnly: ReadonlySet<OperationId> = new Set([
  'keys.verify',
  'keys.verifyMany',
  'verifiers.renewLease',
  'verifiers.releaseLease',
  'tokens.exchange',
  'signingSecrets.test',
]);

/** Whether a call may be sent again when nobody knows what became of it. */
export function isRepeatable(id: OperationId, route: Route, idempotencyKey: string | undefined): boolean {
  return route.method === 'GET' || readsOnly.has(id) || idempotencyKey !== undefined;
}

/** When and how often a call is sent again. */
export interface Repetition {
  /** Beyond the first time; 0 = never. */
  readonly maxRetries: number;
  readonly delay: (ms: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** What one sending brought. */
interface Arrived {
  readonly response: Response;
}

const firstDelayMs = 200;
const longestDelayMs = 5_000;

function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** Of the two forms of `Retry-After` (RFC 9110, section 10.2.3); 0 where there is none. */
function retryAfterMs(response: Response | undefined): number {
  const text = response?.headers.get('retry-after') ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(at - Date.now(), 0);
}

function backOffMs(retry: number, random: () => number): number {
  return Math.min(firstDelayMs * 2 ** retry, longestDelayMs) * (0.5 + random() / 2);
}

/**
 * Sends until something arrives that is no passing failure, at most `maxRetries` times again, with growing pauses and
 * never earlier than the server asked for. What has not succeeded by `deadlineMs` (of `performance.now`) is given back
 * as it stands: a pause that would end later is not begun.
 *
 * @throws what `send` threw at last.
 */
export async function repeatedly<Sent extends Arrived>(
  send: () => Promise<Sent>,
  { maxRetries, delay, random }: Repetition,
  deadlineMs: number,
): Promise<Sent> {
  for (let retry = 0; ; retry++) {
    const outcome = await send().catch((error: unknown) => asNetworkError(error));
    const sent = outcome instanceof TransportError ? undefined : outcome;
    if (sent !== undefined && !isPassing(sent.response.status)) return sent;
    const pauseMs = Math.max(retryAfterMs(sent?.response), backOffMs(retry, random));
    if (retry < maxRetries && performance.now() + pauseMs < deadlineMs) await delay(pauseMs);
    else if (outcome instanceof TransportError) throw outcome;
    else return outcome;
  }
}

/** The one failure that another sending can mend: a timeout has used up the time of the call. */
function asNetworkError(error: unknown): TransportError {
  if (error instanceof TransportError && error.code === 'network-error') return error;
  throw error;
}
