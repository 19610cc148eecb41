import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { LatchkeyError } from '@latchkey/protocol';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { version } from '../../version.ts';
import type { Engine, EngineCall, EngineOutcome } from '../engine.ts';
import { createBreaker } from './breaker.ts';
import { checkTargetUrl } from './check-target-url.ts';
import { exchange } from './exchange.ts';
import { failed } from './failures.ts';
import { outcomeOf, verdictOf } from './outcome.ts';
import { createPrincipalSigner } from './principal-token.ts';
import type { TargetPolicy } from './target-policy.ts';
import { webhookHeaders } from './webhook-headers.ts';

export interface HttpEngineDeps {
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'principalKey'>;
  /** Where callers reach the server: the issuer of principals. */
  readonly publicUrl: () => string;
  readonly policy: TargetPolicy;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'engineCalls' | 'openCircuits'>;
  /** How names are resolved; the system's way, unless a test has its own. */
  readonly lookup?: LookupFunction;
}

const maxAnswerBytes = 1024 * 1024;
/** Beyond this a timer would fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Calls targets over HTTP: a POST with the body as it is, a signed principal and a signature, and no header of the
 * caller. Follows no redirect, calls only what the policy allows, and leaves targets alone that are not there.
 */
export function createHttpEngine(deps: HttpEngineDeps): Engine {
  const { clock, policy, log, metrics, lookup = systemLookup } = deps;
  const signPrincipal = createPrincipalSigner(deps.secrets.principalKey, deps.publicUrl);
  const breaker = createBreaker(clock);
  const closing = new AbortController();
  let connections: Promise<Dispatcher> | undefined;

  // The library takes its time to load, and a server that calls no target never needs it.
  async function connect(): Promise<Dispatcher> {
    const { openConnections } = await import('./connections.ts');
    return openConnections(policy, lookup);
  }

  function requestOf(call: EngineCall, url: URL): Dispatcher.DispatchOptions {
    const nowMs = clock.now();
    const headers = {
      'content-type': 'application/json',
      'user-agent': `latchkey/${version}`,
      ...webhookHeaders(call, nowMs),
      'x-latchkey-principal': signPrincipal(call, nowMs),
    };
    return { method: 'POST', origin: url.origin, path: url.pathname + url.search, headers, body: call.body };
  }

  async function send(call: EngineCall, url: URL, signal: AbortSignal): Promise<EngineOutcome> {
    const { mode, deadlineAtMs } = call;
    const target = url.host;
    const leftMs = deadlineAtMs - clock.now();
    if (leftMs <= 0) return failed('TARGET_TIMEOUT', { target, unsent: true });
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), Math.min(leftMs, maxTimerMs));
    connections ??= connect();
    const given = [signal, closing.signal];
    const done = await exchange(await connections, requestOf(call, url), {
      signals: [...given, deadline.signal],
      maxBytes: maxAnswerBytes,
    });
    clearTimeout(timer);
    if (done.failure !== undefined) {
      log.debug({ err: done.failure, executionId: call.executionId }, 'a call to a target failed');
    }
    const ended = given.some(({ aborted }) => aborted)
      ? 'CALL_ABORTED'
      : deadline.signal.aborted
        ? 'TARGET_TIMEOUT'
        : undefined;
    return outcomeOf(done, { target, mode, nowMs: clock.now(), ended });
  }

  /** Each organization has its own circuits, so that nobody can shut a target for others by making it fail. */
  async function sendUnlessOpen(call: EngineCall, url: URL, signal: AbortSignal): Promise<EngineOutcome> {
    const entry = breaker.enter(`${call.principal.organizationId} ${url.origin}`);
    if (entry.open) {
      const { retryAfterMs, why } = entry;
      return failed('TARGET_RESTING', { target: url.host, unsent: true, retryAfterMs, why });
    }
    let outcome: EngineOutcome = failed('CALL_FAILED', { target: url.host });
    try {
      outcome = await send(call, url, signal);
    } finally {
      entry.leave(verdictOf(outcome), outcome.kind === 'failed' ? outcome.error.message : '');
      metrics.openCircuits.set(breaker.openCount());
    }
    return outcome;
  }

  async function attempt(call: EngineCall, signal: AbortSignal): Promise<EngineOutcome> {
    let target = 'The target';
    try {
      const url = checkTargetUrl(call.targetUrl, policy);
      target = url.host;
      return await sendUnlessOpen(call, url, signal);
    } catch (error) {
      if (error instanceof LatchkeyError) {
        return failed('TARGET_NOT_ALLOWED', { target: String(error.details?.host || target), unsent: true });
      }
      log.error({ err: error, executionId: call.executionId }, 'a target could not be called');
      return failed('CALL_FAILED', { target });
    }
  }

  return {
    async call(call, signal) {
      const outcome = await attempt(call, signal);
      const code = outcome.kind === 'answered' ? 'OK' : outcome.error.code;
      metrics.engineCalls.inc({ outcome: code });
      log.info({ executionId: call.executionId, attempt: call.attempt, outcome: code }, 'called a target');
      return outcome;
    },
    async close() {
      closing.abort();
      await (await connections)?.destroy();
    },
  };
}
