import { secondMs } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import { createWriteBehind, type Store, type WriteBehind } from '../../storage/index.ts';
import { type DeliveryRow, insertDeliveries, pruneDeliveries } from './webhook-deliveries.sql.ts';

/** How many of each kind are kept of a workflow, in memory as well as on disk. */
const keptOfKind = 25;
/** Of how many workflows each kind is gathered at once: strangers can send to every one that there is. */
const maxWorkflows = 1_000;
const workflowsPerTransaction = 10;

/** What became of a message that came with a signature. */
export type Delivery = Omit<DeliveryRow, 'id' | 'is_accepted'>;

/**
 * The last deliveries of each workflow, gathered in memory and written down together every three seconds, so that a
 * message costs no write. Accepted and refused ones do not push each other out: whoever floods a workflow with wrong
 * signatures hides nothing. A crash loses at most the last five seconds.
 */
export interface Deliveries extends WriteBehind {
  note(delivery: Delivery): void;
}

/** Those of one workflow, oldest first. */
interface Batch {
  readonly name: string;
  readonly isAccepted: 0 | 1;
  deliveries: Delivery[];
}

/** By workflow. */
type Gathered = Map<string, Batch>;

function keep(gathered: Gathered, name: string, isAccepted: 0 | 1, deliveries: readonly Delivery[]): void {
  const known = gathered.get(name);
  if (known !== undefined) known.deliveries = [...known.deliveries, ...deliveries].slice(-keptOfKind);
  else if (gathered.size < maxWorkflows)
    gathered.set(name, { name, isAccepted, deliveries: [...deliveries] });
}

function byName(one: Batch, other: Batch): number {
  return one.name < other.name ? -1 : 1;
}

export function createDeliveries(
  { store, random }: { readonly store: Store; readonly random: Random },
  onError: (error: unknown) => void,
): Deliveries {
  let gathered: readonly [refused: Gathered, accepted: Gathered] = [new Map(), new Map()];

  function take(): Batch[] {
    const taken = gathered.flatMap((kind) => [...kind.values()].sort(byName));
    gathered = [new Map(), new Map()];
    return taken;
  }

  const behind = createWriteBehind<Batch>(
    store,
    {
      everyMs: 3 * secondMs,
      perTransaction: workflowsPerTransaction,
      take,
      async write(trx, batches) {
        for (const { isAccepted, deliveries } of batches) {
          const rows = deliveries.map((each) => ({ ...each, id: random.uuid(), is_accepted: isAccepted }));
          await insertDeliveries(trx, rows);
          const [kind] = rows;
          if (kind !== undefined) await pruneDeliveries(trx, kind, keptOfKind);
        }
      },
      takeBack(batches) {
        // What has come since is newer than what could not be written.
        for (const { name, isAccepted, deliveries } of batches) {
          const since = gathered[isAccepted].get(name)?.deliveries ?? [];
          gathered[isAccepted].delete(name);
          keep(gathered[isAccepted], name, isAccepted, [...deliveries, ...since]);
        }
      },
    },
    onError,
  );

  return {
    note(delivery) {
      const isAccepted = delivery.outcome === 'refused' ? 0 : 1;
      keep(gathered[isAccepted], `${delivery.instance_id} ${delivery.workflow_id}`, isAccepted, [delivery]);
    },
    ...behind,
  };
}
