import { dayMs, secondMs } from '../../platform/clock.ts';
import { type Refused, refused } from './scheme.ts';

const maxDigits = 15;

/**
 * Reads a Unix time; `undefined` for anything but a whole number as it is usually written. There is one text for each
 * number, so that no digit can move to a neighbour of the timestamp. A loop, since it is several times as fast as a
 * pattern with `Number`.
 */
export function readTimestamp(text: string): number | undefined {
  if (text.length === 0 || text.length > maxDigits) return undefined;
  if (text.length > 1 && text.startsWith('0')) return undefined;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function isMilliseconds(timestamp: number, nowMs: number): boolean {
  return Math.abs(timestamp - nowMs) < 365 * dayMs;
}

/**
 * Refuses a timestamp further from now than the tolerance, in either direction; whole seconds, as the libraries of the
 * providers count. Only for a signature that is right: otherwise the time is anybody's claim.
 */
export function refuseByClock(
  timestamp: number,
  nowMs: number,
  toleranceSeconds: number,
): Refused | undefined {
  const aheadSeconds = timestamp - Math.floor(nowMs / secondMs);
  if (Math.abs(aheadSeconds) <= toleranceSeconds) return undefined;
  return refused('clock_off', {
    secondsOff: Math.abs(aheadSeconds),
    direction: aheadSeconds > 0 ? 'ahead' : 'behind',
    toleranceSeconds,
    ...(isMilliseconds(timestamp, nowMs) ? { unit: 'milliseconds' } : {}),
  });
}

/** A message without a timestamp never gets too old by itself. */
const untimestampedMs = 30 * dayMs;

/** Senders that got no answer deliver again for hours or days, each time newly signed (Stripe: up to three days). */
const redeliveredMs = 3 * dayMs;

/**
 * How long a message can come again. By itself one from the edge of the tolerance ahead stays acceptable for twice the
 * tolerance, and for one second more since seconds are counted whole.
 */
export function rememberMsOf(timestamp: number | undefined, toleranceSeconds: number): number {
  if (timestamp === undefined) return untimestampedMs;
  return Math.max((2 * toleranceSeconds + 1) * secondMs, redeliveredMs);
}
