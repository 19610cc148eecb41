import type { Store, Writer } from './store.ts';

/** Bounds how long the first of a group waits for the last. */
const maxGathered = 256;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns many small writes into few transactions: whatever is handed in until a transaction begins, it does at once.
 * `work` gets the items in the order in which they came and answers a result for each; it may run again after a
 * deadlock. A caller hears of its result after the commit, and of an error where the transaction did not commit. At most
 * `atOnce` transactions are under way: where they would only wait for each other's rows, few are enough, gather more and
 * leave the connections to others.
 */
export function createGatherer<Item, Result>(
  store: Store,
  work: (trx: Writer, items: readonly Item[]) => Promise<readonly Result[]>,
  { atOnce = Number.POSITIVE_INFINITY }: { readonly atOnce?: number } = {},
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let isAsked = false;
  let underWay = 0;

  function ask(): void {
    if (isAsked || queue.length === 0 || underWay >= atOnce) return;
    isAsked = true;
    void run();
  }

  /** Not before the transaction is there: until then more may come. */
  function take(): Waiting<Item, Result>[] {
    const taken = queue.splice(0, maxGathered);
    isAsked = false;
    ask();
    return taken;
  }

  async function run(): Promise<void> {
    let taken: Waiting<Item, Result>[] | undefined;
    underWay += 1;
    try {
      const results = await store.write(async (trx) => {
        taken ??= take();
        const items = taken.map(({ item }) => item);
        return items.length === 0 ? [] : work(trx, items);
      });
      for (const [index, { resolve }] of (taken ?? []).entries()) resolve(results[index] as Result);
    } catch (error) {
      for (const { reject } of taken ?? take()) reject(error);
    }
    underWay -= 1;
    ask();
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      ask();
    });
}
