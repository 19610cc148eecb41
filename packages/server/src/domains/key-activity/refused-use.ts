import { type ErrorCode, LatchkeyError, type VerdictCode } from '@latchkey/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { KeyActivity } from './key-activity.ts';
import type { CountedKey } from './tally.ts';

/** Beside the errors and not in them: what is in an error may be logged. */
const refusedKeys = new WeakMap<object, { readonly key: CountedKey; readonly missing: string | null }>();

/** What refuses a use of a key that there is, with what the key lacks, or has used up. */
const verdicts: Readonly<Partial<Record<ErrorCode, VerdictCode>>> = {
  KEY_REVOKED: 'REVOKED',
  KEY_EXPIRED: 'EXPIRED',
  KEY_DISABLED: 'DISABLED',
  KEY_NOT_ALLOWED_HERE: 'IP_NOT_ALLOWED',
  SCOPE_MISSING: 'SCOPE_MISSING',
  KEY_SCOPE_INSUFFICIENT: 'SCOPE_MISSING',
  RATE_LIMITED: 'RATE_LIMITED',
  KEY_WRONG_PLACE: 'RESOURCE_MISMATCH',
};

function missingIn({ details }: LatchkeyError): string | null {
  const { scope, level = scope, requests, windowSeconds } = details ?? {};
  if (typeof level === 'string') return level;
  return requests === undefined ? null : `${requests} in ${windowSeconds} seconds`;
}

/**
 * The error, known as the refusal of a key that was presented whole; `noteRefusal` counts it. An admin key is not
 * counted, and there is none then. `missing` says what the key lacks where the error does not.
 */
export function refusalOf(
  error: LatchkeyError,
  key: CountedKey | undefined,
  missing: string | null = missingIn(error),
): LatchkeyError {
  if (key !== undefined) refusedKeys.set(error, { key, missing });
  return error;
}

/** Where a use came from, as far as that is known. */
export interface UsedFrom {
  readonly ip: string | null;
  readonly client: string | null;
}

interface RefusedUse {
  readonly key: CountedKey;
  readonly missing: string | null;
  readonly code: VerdictCode;
}

/** The refusal of a key that was thrown, or is the cause of what was. */
function refusedUseIn(thrown: unknown): RefusedUse | undefined {
  if (!(thrown instanceof LatchkeyError)) return undefined;
  const refused = refusedKeys.get(thrown);
  const code = verdicts[thrown.code];
  return refused === undefined || code === undefined ? refusedUseIn(thrown.cause) : { ...refused, code };
}

/** Whether what was thrown refuses a key, so that `noteRefusal` counts it. */
export function isRefusal(thrown: unknown): boolean {
  return refusedUseIn(thrown) !== undefined;
}

/**
 * Counts what was thrown, or is the cause of it, where it refuses a key. Call it where a request is answered, and there
 * alone: before that, what refuses a request may be looked at again.
 */
export function noteRefusal(
  { keyActivity, clock }: { readonly keyActivity: Pick<KeyActivity, 'refuse'>; readonly clock: Clock },
  thrown: unknown,
  { ip, client }: UsedFrom,
): void {
  const refused = refusedUseIn(thrown);
  if (refused === undefined) return;
  const { key, code, missing } = refused;
  keyActivity.refuse(key, { at: clock.now(), code, address: ip, client: client || null, missing });
}
