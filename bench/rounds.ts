import { watchForeignLoad } from './foreign-load.ts';

/** One thing that is measured beside others. */
export interface Variant {
  /** Whatever a slice needs that is not to be measured. */
  readonly prepare?: () => Promise<void>;
  /** Runs one slice and answers what it gave, by name: rates or durations, the same kind for all variants. */
  readonly measure: () => Promise<Readonly<Record<string, number>>>;
}

/** What was measured. */
export interface Measured {
  /** As many values for each name as there are rounds, in the order of the rounds. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Cores that foreign processes used, in each round; `undefined` where the system does not say. */
  readonly foreignCores: readonly (number | undefined)[];
  /** Rounds that were left out because foreign processes used more. */
  readonly dropped: number;
}

interface Round {
  readonly values: Readonly<Record<string, number>>;
  readonly foreignCores: number | undefined;
}

const quietCores = 0.08;

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

async function runRound(variants: readonly Variant[]): Promise<Round> {
  const values: Record<string, number> = {};
  const foreignCores = await watchForeignLoad(async (unwatched) => {
    for (const { prepare, measure } of shuffled(variants)) {
      if (prepare !== undefined) await unwatched(prepare);
      Object.assign(values, await measure());
    }
  });
  return { values, foreignCores };
}

function isQuiet({ foreignCores }: Round): boolean {
  return foreignCores === undefined || foreignCores <= quietCores;
}

/** The quietest rounds in the order in which they ran: chosen by the load of others and never by a result. */
function quietest(rounds: readonly Round[], count: number): Round[] {
  const byLoad = [...rounds].sort((one, other) => (one.foreignCores ?? 0) - (other.foreignCores ?? 0));
  const kept = new Set(byLoad.slice(0, count));
  return rounds.filter((round) => kept.has(round));
}

/**
 * Warms every variant, then measures all of them in each round, in random order. While foreign processes used more
 * than 0.08 of a core in a round, another is run, up to twice as many in all; the quietest are kept.
 */
export async function measureRounds(
  variants: readonly Variant[],
  { rounds, warmUpRounds }: { readonly rounds: number; readonly warmUpRounds: number },
): Promise<Measured> {
  for (let round = 0; round < warmUpRounds; round++) await runRound(variants);
  const run: Round[] = [];
  while (run.filter(isQuiet).length < rounds && run.length < 2 * rounds) run.push(await runRound(variants));
  const kept = quietest(run, rounds);
  const names = Object.keys(kept[0]?.values ?? {}).sort();
  return {
    values: Object.fromEntries(
      names.map((name) => [name, kept.map((round) => round.values[name] ?? Number.NaN)]),
    ),
    foreignCores: kept.map(({ foreignCores }) => foreignCores),
    dropped: run.length - kept.length,
  };
}
