import type { Booked } from './revocation.rules.ts';

/** Bounds what callers can have this process remember and wait for. */
const maxOfOrganization = 1_000;
const maxOfAll = 50_000;

/** A verifier that has asked for a lease. */
export interface Booking extends Booked {
  readonly organizationId: string;
  readonly verifier: string;
  applied: number;
  until: number;
}

/** Which verifiers have been given leases by this process. */
export interface Bookings {
  /** That of a verifier, a new one if need be; undefined where there are too many. */
  book(organizationId: string, verifier: string): Booking | undefined;
  find(organizationId: string, verifier: string): Booking | undefined;
  remove(booking: Booking): void;
  /** Those of an organization, or of all. */
  of(organizationId: string | 'all'): Iterable<Booking>;
  /** When the last lease has run out. */
  lastUntil(): number;
}

/** `elapsedMs` says the time that leases are counted in; those that have run out make room for others. */
export function createBookings(elapsedMs: () => number): Bookings {
  const byOrganization = new Map<string, Map<string, Booking>>();
  let count = 0;

  function remove({ organizationId, verifier }: Booking): void {
    const bookings = byOrganization.get(organizationId);
    if (bookings?.delete(verifier) !== true) return;
    count -= 1;
    if (bookings.size === 0) byOrganization.delete(organizationId);
  }

  function removeEnded(bookings: Iterable<Booking>): void {
    const now = elapsedMs();
    for (const booking of bookings) if (booking.until <= now) remove(booking);
  }

  function* all(): Iterable<Booking> {
    for (const bookings of byOrganization.values()) yield* bookings.values();
  }

  function of(organizationId: string | 'all'): Iterable<Booking> {
    return organizationId === 'all' ? all() : (byOrganization.get(organizationId)?.values() ?? []);
  }

  function find(organizationId: string, verifier: string): Booking | undefined {
    return byOrganization.get(organizationId)?.get(verifier);
  }

  function isFull(organizationId: string): boolean {
    return count >= maxOfAll || (byOrganization.get(organizationId)?.size ?? 0) >= maxOfOrganization;
  }

  return {
    book(organizationId, verifier) {
      const known = find(organizationId, verifier);
      if (known !== undefined) return known;
      if (isFull(organizationId)) removeEnded(of(count >= maxOfAll ? 'all' : organizationId));
      if (isFull(organizationId)) return undefined;
      const booking = { organizationId, verifier, applied: -1, until: Number.NEGATIVE_INFINITY };
      const bookings = byOrganization.get(organizationId) ?? new Map<string, Booking>();
      byOrganization.set(organizationId, bookings.set(verifier, booking));
      count += 1;
      return booking;
    },
    find,
    remove,
    of,
    lastUntil: () => Math.max(Number.NEGATIVE_INFINITY, ...[...all()].map(({ until }) => until)),
  };
}
