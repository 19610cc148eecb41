import { type UseOutcome, useOutcomes } from '@latchkey/protocol';
import { sql } from 'kysely';
import type { Random } from '../../platform/random.ts';
import { prepareRows, type Reader, type Writer } from '../../storage/index.ts';
import { maxRefusals, type Refusal, type Tally } from './tally.ts';

/** How often something was used within an hour, with one outcome. */
export interface Uses {
  readonly hour: number;
  readonly outcome: UseOutcome;
  readonly uses: number;
}

interface OwnedUses extends Uses {
  readonly owner: string;
}

const nothing = { hour: 0, outcome: 'VALID', uses: 0 } as const;

/** Several processes report about one key: what each has counted is added up. */
function addToKeys(db: Reader, rows: number): string {
  return db
    .insertInto('key_hours')
    .values(Array.from({ length: rows }, () => ({ key_id: '', ...nothing })))
    .onConflict((conflict) =>
      conflict
        .columns(['key_id', 'hour', 'outcome'])
        .doUpdateSet((eb) => ({ uses: eb('key_hours.uses', '+', eb.ref('excluded.uses')) })),
    )
    .compile().sql;
}

function addToOrganizations(db: Reader, rows: number): string {
  return db
    .insertInto('organization_hours')
    .values(Array.from({ length: rows }, () => ({ organization_id: '', ...nothing })))
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'hour', 'outcome'])
        .doUpdateSet((eb) => ({ uses: eb('organization_hours.uses', '+', eb.ref('excluded.uses')) })),
    )
    .compile().sql;
}

function usesIn({ startsAt, counts }: Tally, owner: string): OwnedUses[] {
  return useOutcomes
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => ({ owner, hour: startsAt, outcome, uses: counts[outcome] }));
}

/** One of each owner, hour and outcome, in one order: two processes that held each other's next row would wait for ever. */
function addedUp(all: readonly OwnedUses[]): OwnedUses[] {
  const sums = new Map<string, OwnedUses>();
  for (const each of all) {
    const name = `${each.owner} ${each.hour} ${each.outcome}`;
    sums.set(name, { ...each, uses: each.uses + (sums.get(name)?.uses ?? 0) });
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

/** What adds to what was counted. */
export function prepareAddUses(db: Reader): (trx: Writer, tallies: readonly Tally[]) => Promise<void> {
  const parametersOf = ({ owner, hour, outcome, uses }: OwnedUses) => [owner, hour, outcome, uses];
  const toKeys = prepareRows((rows) => addToKeys(db, rows), parametersOf);
  const toOrganizations = prepareRows((rows) => addToOrganizations(db, rows), parametersOf);
  return async (trx, tallies) => {
    await toKeys(trx, addedUp(tallies.flatMap((tally) => usesIn(tally, tally.keyId))));
    const inOrganizations = tallies.flatMap((tally) =>
      tally.organizationId === null ? [] : usesIn(tally, tally.organizationId),
    );
    await toOrganizations(trx, addedUp(inOrganizations));
  };
}

/** Follow it by `boundRefusals`. */
export async function insertRefusals(
  trx: Writer,
  tallies: readonly Tally[],
  random: Pick<Random, 'uuid'>,
): Promise<void> {
  for (const { keyId, refusals } of tallies) {
    if (refusals.length === 0) continue;
    const rows = refusals.map((refusal) => ({ id: random.uuid(), key_id: keyId, ...refusal }));
    await trx.insertInto('key_refusals').values(rows).execute();
  }
}

/** Leaves the last refusals of each key. */
export async function boundRefusals(trx: Writer, tallies: readonly Tally[]): Promise<void> {
  const keyIds = tallies.filter(({ refusals }) => refusals.length > 0).map(({ keyId }) => keyId);
  if (keyIds.length === 0) return;
  const place = sql<number>`row_number() over (partition by key_id order by at desc, id desc)`;
  await trx
    .deleteFrom('key_refusals')
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom((eb) =>
        eb
          .selectFrom('key_refusals')
          .select(['id', place.as('place')])
          .where('key_id', 'in', keyIds)
          .as('ranked'),
      )
        .select('ranked.id')
        .where('ranked.place', '>', maxRefusals),
    )
    .execute();
}

/** What was counted of a key from an hour on, in their order. */
export async function usesOfKey(db: Reader, keyId: string, since: number): Promise<Uses[]> {
  return db
    .selectFrom('key_hours')
    .select(['hour', 'outcome', 'uses'])
    .where('key_id', '=', keyId)
    .where('hour', '>=', since)
    .orderBy('hour')
    .execute();
}

/** What was counted of all keys in an organization from an hour on, in their order. */
export async function usesInOrganization(db: Reader, organizationId: string, since: number): Promise<Uses[]> {
  return db
    .selectFrom('organization_hours')
    .select(['hour', 'outcome', 'uses'])
    .where('organization_id', '=', organizationId)
    .where('hour', '>=', since)
    .orderBy('hour')
    .execute();
}

/** The last refusals of a key, newest first. */
export async function refusalsOfKey(db: Reader, keyId: string): Promise<Refusal[]> {
  return db
    .selectFrom('key_refusals')
    .select(['at', 'code', 'address', 'client', 'missing'])
    .where('key_id', '=', keyId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(maxRefusals)
    .execute();
}

/** Removes what was counted before an hour, at most so many rows of each kind; answers how many there were. */
export async function deleteUsesBefore(trx: Writer, hour: number, limit: number): Promise<number> {
  const ofKeys = await trx
    .deleteFrom('key_hours')
    .where((eb) =>
      eb(
        eb.refTuple('key_id', 'hour', 'outcome'),
        'in',
        eb
          .selectFrom('key_hours')
          .select(['key_id', 'hour', 'outcome'])
          .where('hour', '<', hour)
          .limit(limit)
          .$asTuple('key_id', 'hour', 'outcome'),
      ),
    )
    .executeTakeFirst();
  await trx.deleteFrom('organization_hours').where('hour', '<', hour).execute();
  return Number(ofKeys.numDeletedRows);
}

/** Removes refusals of before an instant, and those that a clock which was set back has left further ahead than another. */
export async function deleteRefusalsOutside(trx: Writer, from: number, until: number): Promise<void> {
  await trx
    .deleteFrom('key_refusals')
    .where((eb) => eb.or([eb('at', '<', from), eb('at', '>', until)]))
    .execute();
}
