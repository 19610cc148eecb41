import type { KeyObject } from 'node:crypto';
import type { CallerMethod } from '@latchkey/protocol';
import type { Random } from '../platform/random.ts';

/** Who came through the door, and where to. Ids only: nothing in it could be used to come in again. */
export interface DoorPrincipal {
  readonly method: CallerMethod;
  /** The id of the key; null for a signature. */
  readonly keyId: string | null;
  /** The id of the signing secret; null for a key. */
  readonly signingSecretId: string | null;
  readonly userId: string | null;
  readonly organizationId: string;
  readonly instanceId: string;
  readonly workflowId: string;
}

/** One attempt to hand an execution to its target. */
export interface EngineCall {
  readonly executionId: string;
  /** From 1. */
  readonly attempt: number;
  readonly targetUrl: string;
  /** `sync`: the answer is the result; `callback`: the result comes later, by a callback. */
  readonly mode: 'sync' | 'callback';
  /** Complete JSON with its `executionMetadata`; sent as it is. */
  readonly body: Buffer;
  readonly deadlineAtMs: number;
  readonly principal: DoorPrincipal;
  /** Signs what is sent (Standard Webhooks). */
  readonly webhookSecret: KeyObject;
}

export interface EngineError {
  /**
   * `node_failure`: the target refused or failed; `external_api_error`: it could not be reached, or what it answered
   * is of no use; `timeout`: the deadline came first (contract/codika.md E.4, E.5).
   */
  readonly type: 'node_failure' | 'external_api_error' | 'timeout';
  /** For the caller: names the target's host and nothing of its path, query or user. */
  readonly message: string;
  readonly code: string;
}

/** What came of an attempt. */
export type EngineOutcome =
  | {
      readonly kind: 'answered';
      /** Of `sync`: the parsed JSON, `{ text }` of any other answer, `{}` of an empty one. Of `callback`: null. */
      readonly result: unknown;
      /** What the engine calls this execution, where it says so. */
      readonly engineExecutionId?: string;
    }
  | {
      readonly kind: 'failed';
      /** Certainly not processed by the target: may be sent again whatever it does. */
      readonly unsent: boolean;
      /** Another attempt may succeed (429, 502, 503, 504, reset): for targets that bear a repetition. */
      readonly repeatable: boolean;
      /** How long the target asks to be left alone. */
      readonly retryAfterMs?: number;
      readonly error: EngineError;
    };

/** What executes workflows. */
export interface Engine {
  /** Makes one attempt; never rejects. An aborted `signal` ends it at once, as failed. */
  call(call: EngineCall, signal: AbortSignal): Promise<EngineOutcome>;
  /** Ends what is under way and lets go of every connection. */
  close(): Promise<void>;
}

const firstDelayMs = 500;
const maxDelayMs = 60_000;

/** From 0 to 1, 1 excluded. */
function fraction(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
}

/**
 * How long to wait after a failed `attempt` (from 1) before the next: anything up to a bound that doubles from half a
 * second to a minute, so that those who failed together do not come back together. What the target asked for is
 * waited for in full first; whoever has a deadline compares.
 */
export function retryDelayMs(attempt: number, random: Random, retryAfterMs = 0): number {
  const boundMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (attempt - 1));
  return retryAfterMs + Math.floor(fraction(random) * boundMs);
}
