import type { Random } from '../../platform/random.ts';
import type { Store } from '../../storage/index.ts';
import { type DeliveryRow, insertDeliveries, pruneDeliveries } from './webhook-deliveries.sql.ts';

/** How many of each kind are kept of a workflow, in memory as well as on disk. */
const keptOfKind = 25;
/** Of how many workflows each kind is gathered at once: strangers can send to every one that there is. */
const maxWorkflows = 1_000;
const flushIntervalMs = 3_000;
/** SQLite answers nothing else meanwhile. */
const workflowsPerTransaction = 10;

/** What became of a message that came with a signature. */
export type Delivery = Omit<DeliveryRow, 'id' | 'is_accepted'>;

/**
 * The last deliveries of each workflow, gathered in memory and written down together every three seconds, so that a
 * message costs no write. Accepted and refused ones do not push each other out: whoever floods a workflow with wrong
 * signatures hides nothing. A crash loses at most the last three seconds.
 */
export interface Deliveries {
  note(delivery: Delivery): void;
  flush(): Promise<void>;
  /** Stops the timer and writes what is left. */
  close(): Promise<void>;
}

/** Oldest first, by workflow. */
type Gathered = Map<string, Delivery[]>;

interface Kind {
  readonly isAccepted: 0 | 1;
  gathered: Gathered;
}

function keep(gathered: Gathered, delivery: Delivery): void {
  const name = `${delivery.instance_id} ${delivery.workflow_id}`;
  const known = gathered.get(name);
  if (known !== undefined) {
    known.push(delivery);
    if (known.length > keptOfKind) known.shift();
  } else if (gathered.size < maxWorkflows) gathered.set(name, [delivery]);
}

export function createDeliveries(
  { store, random }: { readonly store: Store; readonly random: Random },
  onError: (error: unknown) => void,
): Deliveries {
  const refused: Kind = { isAccepted: 0, gathered: new Map() };
  const accepted: Kind = { isAccepted: 1, gathered: new Map() };
  let lastFlush: Promise<void> = Promise.resolve();

  async function writeTogether(lists: readonly Delivery[][], isAccepted: number): Promise<void> {
    await store.write(async (trx) => {
      for (const list of lists) {
        const rows = list.map((each) => ({ ...each, id: random.uuid(), is_accepted: isAccepted }));
        await insertDeliveries(trx, rows);
        const [kind] = rows;
        if (kind !== undefined) await pruneDeliveries(trx, kind, keptOfKind);
      }
    });
  }

  async function writeKind(kind: Kind): Promise<void> {
    const taken = kind.gathered;
    kind.gathered = new Map();
    // In order of name: two servers that prune the same workflows would wait for each other.
    const names = [...taken.keys()].sort();
    try {
      for (let at = 0; at < names.length; at += workflowsPerTransaction) {
        const some = names.slice(at, at + workflowsPerTransaction);
        await writeTogether(
          some.map((name) => taken.get(name) ?? []),
          kind.isAccepted,
        );
        for (const name of some) taken.delete(name);
      }
    } catch (error) {
      // What has come since is newer than what could not be written.
      const since = kind.gathered;
      kind.gathered = taken;
      for (const delivery of [...since.values()].flat()) keep(taken, delivery);
      throw error;
    }
  }

  async function writeDown(): Promise<void> {
    await writeKind(refused);
    await writeKind(accepted);
  }

  /** One after the other, so that closing also waits for what the timer has started. */
  function flush(): Promise<void> {
    lastFlush = lastFlush.then(writeDown, writeDown);
    return lastFlush;
  }

  const timer = setInterval(() => {
    flush().catch(onError);
  }, flushIntervalMs).unref();
  return {
    note(delivery) {
      keep((delivery.outcome === 'refused' ? refused : accepted).gathered, delivery);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}
