import type { EngineError, EngineOutcome } from '../engine.ts';

export type Failed = Extract<EngineOutcome, { kind: 'failed' }>;

interface Entry {
  readonly type: EngineError['type'];
  /** Whether another attempt may succeed. */
  readonly repeatable: boolean;
  /** `{target}` is its host and port, `{why}` what was said of it before. */
  readonly message: string;
}

const unreachable = { type: 'external_api_error', repeatable: true } as const;
const useless = { type: 'external_api_error', repeatable: false } as const;
const refused = { type: 'node_failure', repeatable: false } as const;

/** Every way in which a call to a target fails; the codes are also what is counted. */
const failures = {
  // Before anything was sent
  TARGET_NOT_ALLOWED: { ...useless, message: '{target} is at an address that this server does not call.' },
  TARGET_NAME_UNKNOWN: { ...unreachable, message: 'The name of {target} could not be resolved.' },
  TARGET_UNREACHABLE: { ...unreachable, message: 'No connection to {target} could be made.' },
  TARGET_TLS_FAILED: { ...unreachable, message: 'No secure connection to {target} could be made.' },
  TARGET_RESTING: {
    ...unreachable,
    message: '{target} failed several times in a row and is left alone for a while. {why}',
  },

  // The answer
  TARGET_REDIRECTED: {
    ...useless,
    message: '{target} answered with a redirect ({status}), which is not followed.',
  },
  TARGET_REFUSED: { ...refused, message: '{target} refused the request ({status}).' },
  TARGET_FAILED: { ...refused, message: '{target} failed ({status}).' },
  TARGET_BUSY: { ...unreachable, message: '{target} asked to be called later ({status}).' },
  TARGET_UNAVAILABLE: { ...unreachable, message: '{target} is not available ({status}).' },
  TARGET_ANSWER_INVALID: { ...useless, message: 'The answer of {target} could not be understood.' },
  TARGET_ANSWER_TOO_LARGE: { ...useless, message: 'The answer of {target} is too large.' },

  // In between
  TARGET_CONNECTION_LOST: {
    ...unreachable,
    message: 'The connection to {target} was lost before it answered.',
  },
  TARGET_TIMEOUT: {
    type: 'timeout',
    repeatable: false,
    message: '{target} did not answer before the deadline.',
  },
  CALL_ABORTED: { ...unreachable, message: 'The call to {target} was given up.' },
  CALL_FAILED: { ...useless, message: '{target} could not be called.' },
} as const satisfies Record<string, Entry>;

export type FailureCode = keyof typeof failures;

export interface FailureFacts {
  /** Host and port of the target. */
  readonly target: string;
  /** Certainly not processed by the target. */
  readonly unsent?: boolean;
  readonly status?: number;
  /** What was said of the last failure, where this is not one of its own. */
  readonly why?: string;
  readonly retryAfterMs?: number | undefined;
}

/** Makes the outcome of a call that failed. */
export function failed(code: FailureCode, facts: FailureFacts): Failed {
  const { type, repeatable, message }: Entry = failures[code];
  const { target, unsent = false, status = 0, why = '', retryAfterMs } = facts;
  return {
    kind: 'failed',
    unsent,
    repeatable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    error: {
      type,
      code,
      message: message
        .replace('{target}', () => target)
        .replace('{status}', String(status))
        .replace('{why}', () => why)
        .trimEnd(),
    },
  };
}
