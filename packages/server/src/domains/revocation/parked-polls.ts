/** A poll that waits; how it ends says whether its answer may carry a lease. */
type End = (mayLease: boolean) => void;

/** Bounds the requests that one organization can have held open. */
const maxOfOrganization = 1_000;

/** Whose poll it is, and for how long it waits at most. */
export interface Waiting {
  readonly organizationId: string;
  readonly verifier: string;
  readonly waitMs: number;
  /** Nobody reads the answer any more. */
  readonly hungUp: AbortSignal;
}

/** The polls of verifiers that wait for news. */
export interface ParkedPolls {
  /**
   * Waits until there is something to answer; says whether the answer may carry a lease. Where an organization has too
   * many waiting it may not: whoever gets none pauses before they ask again.
   */
  park(waiting: Waiting): Promise<boolean>;
  /** Ends the waiting of an organization, or of all, or of one verifier of it. */
  end(organizationId: string | 'all', mayLease: boolean, verifier?: string): void;
}

export function createParkedPolls(): ParkedPolls {
  const parked = new Map<string, Map<string, End>>();

  function add({ organizationId, verifier }: Waiting, end: End): boolean {
    const others = parked.get(organizationId) ?? new Map<string, End>();
    // Of one verifier only the newest poll waits.
    others.get(verifier)?.(true);
    if (others.size >= maxOfOrganization && !others.has(verifier)) return false;
    parked.set(organizationId, others.set(verifier, end));
    return true;
  }

  function remove({ organizationId, verifier }: Waiting, end: End): void {
    const others = parked.get(organizationId);
    if (others?.get(verifier) !== end) return;
    others.delete(verifier);
    if (others.size === 0) parked.delete(organizationId);
  }

  return {
    async park(waiting) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      if (!add(waiting, resolve)) return false;
      const hangUp = () => resolve(false);
      const timer = setTimeout(() => resolve(true), waiting.waitMs);
      waiting.hungUp.addEventListener('abort', hangUp, { once: true });
      const mayLease = await promise;
      clearTimeout(timer);
      waiting.hungUp.removeEventListener('abort', hangUp);
      remove(waiting, resolve);
      return mayLease;
    },
    end(organizationId, mayLease, verifier) {
      const some = organizationId === 'all' ? [...parked.values()] : [parked.get(organizationId)];
      for (const polls of some) {
        if (verifier !== undefined) polls?.get(verifier)?.(mayLease);
        else for (const end of polls?.values() ?? []) end(mayLease);
      }
    },
  };
}
