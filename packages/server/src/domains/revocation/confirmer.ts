import { type Clock, toIso } from '../../platform/clock.ts';
import type { AppliedChange } from './ledger.ts';
import { type Booked, isDangerous, type Position } from './revocation.rules.ts';
import type { Confirmation } from './revocation.sql.ts';
import type { Holder } from './revocations.ts';

/** How often it is looked whether leases have run out, while they are waited for. */
const lookEveryMs = 25;
/** How many changes that are over here are remembered. */
const maxRemembered = 1_000;

/** A verifier of this process that may rely on what was before a change. */
export interface Danger {
  /** How receipts call it; undefined where they do not. */
  readonly holder: string | undefined;
  /** As of now: it moves when the verifier asks again. */
  readonly booked: Pick<Booked, 'applied'>;
  /** When the leases that it was given until the change have run out, by the steady clock. */
  readonly until: number;
}

interface Entry {
  readonly change: AppliedChange;
  readonly waiting: Set<Danger>;
  /** What was taken from the same keys before, and may not have come to verifiers that this change does not concern. */
  readonly earlier: Set<Entry>;
  readonly holders: Holder[];
  readonly over: PromiseWithResolvers<void>;
  overAt: number | null;
  said: 'nothing' | 'seen' | 'confirmed';
}

/** Knows of each change whether anybody here or behind this process relies on what was before it. */
export interface Confirmer {
  /** When a change is applied, with the verifiers that may not have heard of it. */
  begin(change: AppliedChange, dangers: readonly Danger[]): void;
  /** Looks again: a verifier has said what it has applied. */
  look(): void;
  /** Resolves when a change is over here, with the verifiers that were waited for. */
  over(change: Position): Promise<readonly Holder[]>;
  /** Changes of others that nothing of is in the database yet. */
  untold(): readonly number[];
  /** What is over and to be confirmed. */
  toConfirm(): readonly Confirmation[];
  /** What is to be admitted to have been seen, although it is not over. */
  toAdmit(): readonly Confirmation[];
  /** That it was written down. */
  said(confirmations: readonly Confirmation[]): void;
  /** That nobody waits any more for what this process has to say; those who wait here still do. */
  dismiss(): void;
}

/** Whether two changes are of a common key; where nobody knows which they were, they may be. */
function mayShareKey({ keys }: AppliedChange, other: AppliedChange): boolean {
  if (keys === 'all' || other.keys === 'all') return true;
  const keyIds = new Set(keys.map(({ keyId }) => keyId));
  return other.keys.some(({ keyId }) => keyIds.has(keyId));
}

function confirmationOf({ change, holders, overAt }: Entry): Confirmation {
  const { seq, mark, from } = change;
  return { seq, mark, holders: JSON.stringify(holders), confirmedAt: overAt, isOfAll: from < seq };
}

/** `onOver` is called when there is something to confirm. */
export function createConfirmer(clock: Clock, onOver: () => void): Confirmer {
  const entries = new Map<number, Entry>();
  const open = new Set<Entry>();
  let timer: NodeJS.Timeout | undefined;

  function forgetOld(): void {
    for (const [seq, { overAt, said, change }] of entries) {
      if (entries.size <= maxRemembered) return;
      if (overAt !== null && (change.isOwn || said === 'confirmed')) entries.delete(seq);
    }
  }

  function lookAt(entry: Entry): void {
    const { seq } = entry.change;
    for (const danger of entry.waiting) {
      const { holder, booked, until } = danger;
      if (isDangerous({ applied: booked.applied, until }, seq, clock.elapsedMs())) continue;
      const outcome = booked.applied >= seq ? 'confirmed' : 'lease-ended';
      const at = toIso(clock.now());
      if (holder !== undefined) entry.holders.push({ holder, kind: 'verifier', outcome, at });
      entry.waiting.delete(danger);
    }
    for (const each of entry.earlier) if (each.overAt !== null) entry.earlier.delete(each);
    if (entry.waiting.size + entry.earlier.size > 0) return;
    open.delete(entry);
    entry.overAt = clock.now();
    entry.over.resolve();
    if (!entry.change.isOwn) onOver();
  }

  function look(): void {
    for (const entry of open) lookAt(entry);
    if (open.size > 0) timer ??= setInterval(look, lookEveryMs);
    else {
      clearInterval(timer);
      timer = undefined;
    }
  }

  /** That of the change itself, or of what it was missed in. */
  function entryOf({ seq, mark }: Position): Entry | undefined {
    const entry = entries.get(seq);
    if (entry?.change.mark === mark) return entry;
    return [...entries.values()].findLast(({ change }) => change.from <= seq && seq <= change.seq);
  }

  function matching(isWanted: (entry: Entry) => boolean): Entry[] {
    return [...entries.values()].filter((entry) => !entry.change.isOwn && isWanted(entry));
  }

  return {
    begin(change, dangers) {
      const over = Promise.withResolvers<void>();
      const entry: Entry = {
        change,
        waiting: new Set(dangers),
        earlier: new Set([...open].filter((each) => mayShareKey(each.change, change))),
        holders: [],
        over,
        overAt: null,
        said: 'nothing',
      };
      entries.set(change.seq, entry);
      open.add(entry);
      forgetOld();
      look();
    },
    look,
    async over(change) {
      const entry = entryOf(change);
      await entry?.over.promise;
      return entry?.holders ?? [];
    },
    untold: () => matching(({ said }) => said === 'nothing').map(({ change }) => change.seq),
    toConfirm: () =>
      matching(({ overAt, said }) => overAt !== null && said !== 'confirmed').map(confirmationOf),
    toAdmit: () => matching(({ overAt, said }) => overAt === null && said === 'nothing').map(confirmationOf),
    said(confirmations) {
      for (const { seq, mark, confirmedAt } of confirmations) {
        const entry = entries.get(seq);
        if (entry?.change.mark === mark) entry.said = confirmedAt === null ? 'seen' : 'confirmed';
      }
    },
    dismiss() {
      for (const { change } of matching(() => true)) entries.delete(change.seq);
    },
  };
}
