import { type Environment, environmentPrefixes } from '@latchkey/keys';
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import { containsText, type Reader, type Tables } from '../../storage/index.ts';
import type { Uses } from '../key-activity/index.ts';
import { isActive } from '../keys/index.ts';

/** Which keys somebody may see. */
export interface Sight {
  readonly organizationId: string;
  /** The only person whose organization, personal and instance keys are seen; none = everybody's. */
  readonly ownOf: string | undefined;
}

/** Which keys are wanted, and how. */
export interface InventoryFilter extends Sight {
  readonly family: 'organization' | 'personal' | 'environment' | 'instance' | undefined;
  readonly state: 'live' | 'disabled' | 'ended' | 'all';
  readonly environment: 'dev' | 'sandbox' | 'prod' | undefined;
  readonly text: string | undefined;
  readonly endsBefore: number | undefined;
  /** When all that are wanted had been made, and after which none of them was used, as far as it is written down. */
  readonly unusedSince: number | undefined;
  readonly sort: 'created' | 'name' | 'lastUsed' | 'ends';
  readonly order: 'ascending' | 'descending';
  readonly limit: number;
  readonly offset: number;
  readonly now: number;
}

/** What belongs to the organization: its own keys, and the personal ones of its members. */
function isOf(organizationId: string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  const members = eb
    .selectFrom('memberships')
    .select('memberships.user_id')
    .where('memberships.organization_id', '=', organizationId);
  return eb.or([
    eb('api_keys.organization_id', '=', organizationId),
    eb.and([eb('api_keys.family', '=', 'personal'), eb('api_keys.user_id', 'in', members)]),
  ]);
}

function isSeenBy(userId: string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  return eb.or([eb('api_keys.family', '=', 'environment'), eb('api_keys.user_id', '=', userId)]);
}

function isIn(state: InventoryFilter['state'], now: number): Expression<SqlBool> | undefined {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  if (state === 'live') return isActive(now);
  if (state === 'disabled') return eb.and([isActive(now), eb('api_keys.disabled_at', 'is not', null)]);
  return state === 'ended' ? eb.not(isActive(now)) : undefined;
}

const environments = Object.entries(environmentPrefixes) as [Environment, string][];

/**
 * Whether an environment key can begin like that, or has that handle (`ck_dev_a3f9_8c2d`): its prefix is kept nowhere,
 * and its fingerprint tells its environment, the four characters behind that and its last four.
 */
function beginsLike(text: string): Expression<SqlBool>[] {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  return environments.flatMap(([environment, prefix]) => {
    const ends = /^([0-9a-f]{0,4})(?:_([0-9a-f]{4})?)?$/.exec(text.slice(prefix.length));
    if (!text.startsWith(prefix) || ends === null) return [];
    const [, head, tail = ''] = ends;
    const isOf = eb('api_keys.environment', '=', environment);
    return [eb.and([isOf, eb('api_keys.fingerprint', 'like', `${head}%${tail}`)])];
  });
}

type Named = Tables & {
  creator: Tables['users'];
  instance: Tables['process_instances'];
  instance_owner: Tables['users'];
};

/** What a key is called. The keys of instances are all named alike, so that each is called by its instance, as that is titled now. */
const called = sql<string>`coalesce('Instance key of ' || instance.title, api_keys.name)`;

function isTold(text: string): Expression<SqlBool> {
  const eb = expressionBuilder<Named, 'api_keys' | 'creator' | 'instance_owner'>();
  const told = ['api_keys.prefix', 'api_keys.fingerprint', 'creator.email', 'instance_owner.email'] as const;
  return eb.or([containsText([called, ...told.map((column) => eb.ref(column))], text), ...beginsLike(text)]);
}

/** Whether a key ends by its expiry or by its rotation before an instant. */
function endsBefore(instant: number): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  return eb(eb.fn.coalesce('api_keys.ends_at', 'api_keys.expires_at'), '<', instant);
}

/** A key that is younger than that may yet be used for the first time. */
function isUnusedSince(instant: number): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'api_keys'>();
  const isUnused = eb.or([
    eb('api_keys.last_used_at', 'is', null),
    eb('api_keys.last_used_at', '<', instant),
  ]);
  return eb.and([eb('api_keys.created_at', '<', instant), isUnused]);
}

/** The keys that somebody may see, with what each points to. */
function seen(db: Reader, { organizationId, ownOf }: Sight) {
  return db
    .selectFrom('api_keys')
    .leftJoin('users as creator', 'creator.id', 'api_keys.user_id')
    .leftJoin('memberships as membership', (join) =>
      join
        .onRef('membership.user_id', '=', 'api_keys.user_id')
        .on('membership.organization_id', '=', organizationId),
    )
    .leftJoin('workspaces', 'workspaces.id', 'api_keys.workspace_id')
    .leftJoin('process_instances as instance', 'instance.id', 'api_keys.instance_id')
    .leftJoin('users as instance_owner', 'instance_owner.id', 'instance.owner_user_id')
    .where(isOf(organizationId))
    .where('api_keys.family', '!=', 'admin')
    .$if(ownOf !== undefined, (query) => query.where(isSeenBy(ownOf ?? '')));
}

function inventory(db: Reader, filter: InventoryFilter) {
  const { family, environment, text, unusedSince } = filter;
  const stateIs = isIn(filter.state, filter.now);
  return seen(db, filter)
    .$if(family !== undefined, (query) => query.where('api_keys.family', '=', family ?? 'organization'))
    .$if(stateIs !== undefined, (query) => query.where(stateIs ?? isActive(filter.now)))
    .$if(environment !== undefined, (query) =>
      query.where((eb) =>
        eb.or([
          eb('api_keys.environment', '=', environment ?? 'dev'),
          eb('instance.environment', '=', environment ?? 'dev'),
        ]),
      ),
    )
    .$if(filter.endsBefore !== undefined, (query) => query.where(endsBefore(filter.endsBefore ?? 0)))
    .$if(unusedSince !== undefined, (query) => query.where(isUnusedSince(unusedSince ?? 0)))
    .$if(text !== undefined && text !== '', (query) => query.where(isTold(text ?? '')));
}

/**
 * Keys that do not end, or were never used, stand after those that do, whichever way the list runs. Names stand as in a
 * dictionary, whatever the case of the letters a to z.
 */
const columnOf = {
  created: 'api_keys.created_at',
  name: 'folded',
  lastUsed: 'api_keys.last_used_at',
  ends: 'ends',
} as const;

function withNames(keys: ReturnType<typeof seen>) {
  return keys
    .selectAll('api_keys')
    .select([
      'creator.email as creator_email',
      'membership.role as creator_role',
      'workspaces.slug as workspace_slug',
      'instance.title as instance_title',
      'instance_owner.email as instance_owner_email',
      'instance.environment as instance_environment',
    ])
    .select((eb) => eb.fn.coalesce('api_keys.ends_at', 'api_keys.expires_at').as('ends'))
    .select([called.as('called'), sql<string>`lower(${called})`.as('folded')]);
}

/** One page, with the names of what each key points to. */
export async function listInventory(db: Reader, filter: InventoryFilter) {
  const direction = filter.order === 'ascending' ? 'asc' : 'desc';
  return withNames(inventory(db, filter))
    .orderBy(columnOf[filter.sort], (order) => (direction === 'asc' ? order.asc() : order.desc()).nullsLast())
    .orderBy('api_keys.id', direction)
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
}

export type InventoryRow = Awaited<ReturnType<typeof listInventory>>[number];

/** One key, in whatever state, as the list has it. */
export async function findInInventory(
  db: Reader,
  sight: Sight,
  keyId: string,
): Promise<InventoryRow | undefined> {
  return withNames(seen(db, sight)).where('api_keys.id', '=', keyId).executeTakeFirst();
}

/** What was counted of the keys that somebody may see, from an hour on. */
export async function usesOfSeen(db: Reader, sight: Sight, since: number): Promise<Uses[]> {
  const rows = await db
    .selectFrom('key_hours')
    .select(['hour', 'outcome'])
    .select((eb) => eb.fn.sum<number>('uses').as('uses'))
    .where('hour', '>=', since)
    .where('key_id', 'in', seen(db, sight).select('api_keys.id'))
    .groupBy(['hour', 'outcome'])
    .orderBy('hour')
    .execute();
  return rows.map((row) => ({ ...row, uses: Number(row.uses) }));
}

export async function countInventory(db: Reader, filter: InventoryFilter): Promise<number> {
  const row = await inventory(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
