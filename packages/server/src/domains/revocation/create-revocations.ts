import { type Clock, toIso } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Listener, Store, Writer } from '../../storage/index.ts';
import { announceChange, listenTo } from './announcements.ts';
import { createConfirmer } from './confirmer.ts';
import { type AppliedChange, createLedger } from './ledger.ts';
import { createOtherProcesses } from './other-processes.ts';
import { createProcessLease } from './process-lease.ts';
import { createReceipts } from './receipts.ts';
import { timing } from './revocation.rules.ts';
import { moveCounter } from './revocation.sql.ts';
import type { Change, ChangedKey, Forget, Holder, Receipt, Revocations } from './revocations.ts';
import { createVerifiers } from './verifiers.ts';

/** What revocation works with. */
export interface RevocationDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Pick<Secrets, 'principalKey'>;
  readonly log: Logger;
  /** Stands in receipts. */
  readonly publicUrl: () => string;
}

/** The revocations of this process (docs/revocation.md). It takes no lease before it is asked for one. */
export function createRevocations(deps: RevocationDeps): Revocations {
  const { store, clock, log } = deps;
  const processName = deps.random.uuid();
  const receiptOf = createReceipts(deps.secrets.principalKey, deps.publicUrl);
  const others = createOtherProcesses({ store, clock, log, timing });
  const forgets: Forget[] = [];
  let listening: Promise<Listener | undefined> | undefined;

  function forget(keyIds: readonly string[] | 'all'): void {
    for (const each of forgets) each(keyIds);
  }

  function apply(change: AppliedChange): void {
    forget(change.keys === 'all' ? 'all' : change.keys.map(({ keyId }) => keyId));
    confirmer.begin(change, verifiers.dangersOf(change));
    // They are answered when all of this step has happened.
    verifiers.tell(change);
  }

  /** Where nothing is announced, changes of others are always found this way. */
  function heardTooLate(): void {
    if (listening === undefined) return;
    log.debug('changes of keys were not heard of; listening anew');
    void listening.then((listener) => listener?.renew());
  }

  /** The database was set back: what was confirmed, applied and leased until now is of no account. */
  function turn(): void {
    log.warn('the database was set back to an earlier state; nothing is taken from memory that is older');
    own.drop();
    restart();
  }

  function restart(): void {
    confirmer.dismiss();
    verifiers.doubt();
  }

  const ledger = createLedger({ apply, onGap: heardTooLate, onTurn: turn });
  const confirmer = createConfirmer(clock, () => {
    own.confirm().catch((err) => log.warn({ err }, 'a change of keys could not be confirmed yet'));
  });
  const own = createProcessLease({
    ...{ store, clock, random: deps.random, log, timing, ledger, confirmer },
    forgetAll() {
      forget('all');
      restart();
    },
  });

  const verifiers = createVerifiers({ clock, timing, ledger, confirmer, own, lease });

  function listen(): Promise<Listener | undefined> {
    listening ??= listenTo(store, processName, {
      onChange: ledger.take,
      onConfirmation: others.noticed,
      onReady() {
        others.noticed();
        void own.renew();
      },
    });
    return listening;
  }

  async function lease(): Promise<boolean> {
    if (own.isLeased()) return true;
    await listen();
    return own.lease();
  }

  /** Those behind this process; the process itself where it may have known. */
  async function overHere(change: Change): Promise<readonly Holder[]> {
    // Also where there is no lease: one that is just being taken must not rest on what was before.
    ledger.take({ ...change, isOwn: true });
    const id = own.registration();
    if (id === undefined) return [];
    await ledger.reach(change);
    const holders = await confirmer.over(change);
    return [{ holder: id, kind: 'server', outcome: 'confirmed', at: toIso(clock.now()) }, ...holders];
  }

  return {
    async invalidate(trx: Writer, keys: readonly ChangedKey[]): Promise<Change> {
      const mark = deps.random.uuid();
      const before = await moveCounter(trx, mark);
      ledger.meet(before, ledger.applied());
      const change = { seq: before.seq + 1, mark, after: before.mark, keys };
      await announceChange(store, trx, change, processName);
      return change;
    },
    async settle(change): Promise<Receipt> {
      const committedAt = clock.now();
      const [here, elsewhere] = await Promise.all([
        overHere(change),
        others.over(change.seq, own.registration()),
      ]);
      return receiptOf(change, { committedAt, completedAt: clock.now() }, [...here, ...elsewhere]);
    },
    isLeased: own.isLeased,
    lease,
    applied: ledger.applied,
    onChange(each) {
      forgets.push(each);
    },
    verifiers,
    async close() {
      own.end();
      verifiers.drain();
      await verifiers.gone();
      await own
        .release()
        .catch((err) => log.warn({ err }, 'this process stays listed until it is waited for in vain'));
      await (await listening)?.close();
    },
  };
}
