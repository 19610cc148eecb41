import type { FoundRow } from './known-keys.sql.ts';

/** Fewer than the database has connections: whatever else happens meanwhile finds one. */
const maxUnderWay = 4;

/** A key by each name that it may have: one for each live pepper, or its id. */
type Names = readonly string[];
type Rows = readonly FoundRow[];

interface Waiting {
  readonly names: Names;
  readonly resolve: (rows: Rows) => void;
  readonly reject: (error: unknown) => void;
}

/** How keys are looked for in the database. */
export interface KeyReads {
  readonly one: (names: Names) => Rows | Promise<Rows>;
  /** The rows of each, in the order of the names; at most `maxTogether` of them. */
  readonly many: (wanted: readonly Names[]) => Promise<readonly Rows[]>;
  readonly maxTogether: number;
}

/**
 * Looks for keys: at once where the database is in this process. Else few look-ups are under way, and whatever is wanted
 * meanwhile is looked for together, in the order in which it came: nobody who asks for many strings holds up those who
 * have something else to do.
 */
export function createLookUps({ one, many, maxTogether }: KeyReads): (names: Names) => Rows | Promise<Rows> {
  const queue: Waiting[] = [];
  let underWay = 0;

  function finish(): void {
    underWay -= 1;
    const taken = queue.splice(0, maxTogether);
    if (taken.length > 0) void readTogether(taken);
  }

  async function readTogether(taken: readonly Waiting[]): Promise<void> {
    underWay += 1;
    try {
      const found = await many(taken.map(({ names }) => names));
      for (const [index, { resolve }] of taken.entries()) resolve(found[index] ?? []);
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
    finish();
  }

  return (names) => {
    if (underWay >= maxUnderWay) {
      return new Promise<Rows>((resolve, reject) => queue.push({ names, resolve, reject }));
    }
    const rows = one(names);
    if (!(rows instanceof Promise)) return rows;
    underWay += 1;
    return rows.finally(finish);
  };
}
