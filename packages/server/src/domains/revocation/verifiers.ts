import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Output } from '@latchkey/protocol';
import type { Clock } from '../../platform/clock.ts';
import { type Booking, createBookings } from './bookings.ts';
import type { Confirmer, Danger } from './confirmer.ts';
import type { AppliedChange, Ledger } from './ledger.ts';
import { createParkedPolls } from './parked-polls.ts';
import type { ProcessLease } from './process-lease.ts';
import { bookedUntil, grantMs, isDangerous, type Timing } from './revocation.rules.ts';

type Answer = Output<'verifiers.renewLease'>;

/** How often it is looked at the clock. */
const lookMs = 25;

/** What a verifier asks. */
export interface Asking {
  readonly organizationId: string;
  readonly verifier: string;
  /** The key that it asks with. */
  readonly keyId: string;
  /** The number of the last change after which that key was found to be good. */
  readonly asOf: number;
  readonly applied: number | null;
  /** Of the position up to which it has applied everything. */
  readonly mark: string;
  readonly waitMs: number;
  /** Nobody reads the answer any more. */
  readonly hungUp: AbortSignal;
}

/** The verifiers that this process gives leases to. */
export interface Verifiers {
  /** Answers at the next change that concerns the verifier, or after `waitMs`. */
  ask(asking: Asking): Promise<Answer>;
  /** Forgets a verifier that has forgotten everything; says whether it was known. */
  release(organizationId: string, verifier: string): boolean;
  /** Answers everybody who waits, and gives no more leases. */
  drain(): void;
}

/** What revocation has of them beside. */
export interface VerifierBooks extends Verifiers {
  /** Those that may rely on what was before a change which is just being applied. */
  dangersOf(change: AppliedChange): Danger[];
  /** Answers those whom a change concerns that has been applied. */
  tell(change: AppliedChange): void;
  /** What they have said to have applied was numbered by another history. */
  doubt(): void;
  /** Resolves when the last lease has run out. */
  gone(): Promise<void>;
}

export interface VerifierDeps {
  readonly clock: Clock;
  readonly timing: Timing;
  readonly ledger: Ledger;
  readonly confirmer: Confirmer;
  readonly own: Pick<ProcessLease, 'endsAt' | 'catchUp'>;
  lease(): Promise<boolean>;
}

/** Whose verifiers may know of what was changed. */
function concerned({ keys }: AppliedChange): Iterable<string | 'all'> {
  return keys === 'all' ? ['all'] : new Set(keys.flatMap(({ organizationId }) => organizationId ?? []));
}

/**
 * Receipts are not to tell one organization how others call their verifiers, nor how many there are of those whom the
 * change does not concern: where nobody knows any more whom it does, none is named.
 */
function nameFor({ keys }: AppliedChange, { organizationId, verifier }: Booking): string | undefined {
  if (keys === 'all') return undefined;
  if (keys.every((key) => key.organizationId === organizationId)) return verifier;
  const digest = createHash('sha256').update(`${organizationId}/${verifier}`).digest('hex');
  return `verifier-${digest.slice(0, 16)}`;
}

export function createVerifiers({
  clock,
  timing,
  ledger,
  confirmer,
  own,
  lease,
}: VerifierDeps): VerifierBooks {
  const bookings = createBookings(clock.elapsedMs);
  const parked = createParkedPolls();
  let isDraining = false;

  /** What a verifier has not applied yet; undefined where that cannot be said, as of what it has applied elsewhere. */
  function changesFor({ applied, mark }: Asking): readonly AppliedChange[] | undefined {
    return applied === null ? undefined : ledger.since({ seq: applied, mark });
  }

  function newsFor(asking: Asking): Pick<Answer, 'reset' | 'keyIds'> {
    const changes = changesFor(asking);
    if (changes === undefined || changes.some(({ keys }) => keys === 'all')) {
      return { reset: true, keyIds: [] };
    }
    const keys = changes.flatMap((change) => (change.keys === 'all' ? [] : change.keys));
    const known = keys
      .filter(({ organizationId }) => organizationId === asking.organizationId)
      .map(({ keyId }) => keyId);
    return { reset: false, keyIds: [...new Set(known)] };
  }

  function hasNews(asking: Asking): boolean {
    const { reset, keyIds } = newsFor(asking);
    return reset || keyIds.length > 0;
  }

  /** Whether anything was taken away from a key since a number. */
  function isChanged(keyId: string, seq: number): boolean {
    const isOther = ({ keys }: AppliedChange) => keys !== 'all' && keys.every((key) => key.keyId !== keyId);
    return ledger.since({ seq })?.every(isOther) !== true;
  }

  function raise(booking: Booking, applied: number): void {
    if (applied <= booking.applied) return;
    booking.applied = applied;
    confirmer.look();
  }

  function noteApplied(booking: Booking | undefined, asking: Asking): void {
    const { applied } = asking;
    if (booking === undefined || applied === null || changesFor(asking) === undefined) return;
    raise(booking, applied);
  }

  /** Nothing is given that is not booked. */
  function grant(asking: Asking, arrivedAt: number): number {
    const { organizationId, verifier } = asking;
    const leaseMs = grantMs(own.endsAt(), arrivedAt, timing);
    const booking = leaseMs > 0 ? bookings.book(organizationId, verifier) : undefined;
    if (booking === undefined) return 0;
    noteApplied(booking, asking);
    booking.until = Math.max(booking.until, bookedUntil(arrivedAt, leaseMs, timing));
    return leaseMs;
  }

  function nothingFor({ applied, mark }: Asking): Answer {
    return { cursor: applied ?? 0, mark, leaseMs: 0, reset: false, keyIds: [], now: clock.now() };
  }

  /** Whether a verifier is not ahead; one that still is when all is applied that there is comes from elsewhere. */
  async function isComparable({ applied }: Asking): Promise<boolean> {
    return applied === null || applied <= ledger.applied() || own.catchUp();
  }

  async function ask(asking: Asking): Promise<Answer> {
    const arrivedAt = clock.elapsedMs();
    noteApplied(bookings.find(asking.organizationId, asking.verifier), asking);
    if (!isDraining) await lease();
    if (!(await isComparable(asking))) return nothingFor(asking);
    const waits = asking.waitMs > 0 && !isDraining && !asking.hungUp.aborted && !hasNews(asking);
    const mayLease = !waits || (await parked.park(asking));
    // From here in one step: the number, what it stands for and the lease that goes with it.
    const isGranted = mayLease && !isDraining && !isChanged(asking.keyId, asking.asOf);
    const leaseMs = isGranted ? grant(asking, arrivedAt) : 0;
    const { seq: cursor, mark } = ledger.position();
    return { cursor, mark, leaseMs, ...newsFor(asking), now: clock.now() };
  }

  return {
    ask,
    release(organizationId, verifier) {
      parked.end(organizationId, false, verifier);
      const booking = bookings.find(organizationId, verifier);
      if (booking === undefined) return false;
      raise(booking, Number.POSITIVE_INFINITY);
      bookings.remove(booking);
      return true;
    },
    drain() {
      isDraining = true;
      parked.end('all', false);
    },
    dangersOf: (change) =>
      [...concerned(change)]
        .flatMap((each) => [...bookings.of(each)])
        .filter((booking) => isDangerous(booking, change.seq, clock.elapsedMs()))
        .map((booking) => ({ holder: nameFor(change, booking), booked: booking, until: booking.until })),
    tell(change) {
      for (const each of concerned(change)) parked.end(each, true);
    },
    doubt() {
      for (const booking of bookings.of('all')) booking.applied = -1;
    },
    async gone() {
      // Counted in steps: a process that ends does not wait for a clock that stands still.
      let leftMs = bookings.lastUntil() - clock.elapsedMs();
      for (; leftMs > 0 && bookings.lastUntil() > clock.elapsedMs(); leftMs -= lookMs) await pause(lookMs);
    },
  };
}
