import { type Expression, sql } from 'kysely';
import type { Reader } from '../../storage/index.ts';
import { findMembers } from '../members/index.ts';

/** What an id of an event belongs to, as people know it. */
export interface NamedId {
  readonly id: string;
  readonly name: string;
  /** Of what belongs to an instance and has its place there. */
  readonly instanceId: string | null;
}

const none = sql<string | null>`cast(null as text)`.as('instanceId');

/** Whose keys are told: those of the organization, and the personal ones of its members. */
function keyNames(db: Reader, organizationId: string, ids: readonly string[]) {
  const members = db
    .selectFrom('memberships')
    .select('memberships.user_id')
    .where('memberships.organization_id', '=', organizationId);
  return db
    .selectFrom('api_keys')
    .select(['api_keys.id', 'api_keys.name', none])
    .where('api_keys.id', 'in', ids)
    .where((eb) =>
      eb.or([
        eb('api_keys.organization_id', '=', organizationId),
        eb.and([eb('api_keys.family', '=', 'personal'), eb('api_keys.user_id', 'in', members)]),
      ]),
    );
}

function secretNames(db: Reader, organizationId: string, ids: readonly string[]) {
  return db
    .selectFrom('signing_secrets')
    .innerJoin('process_instances', 'process_instances.id', 'signing_secrets.instance_id')
    .select(['signing_secrets.id', 'signing_secrets.label as name'])
    .select('signing_secrets.instance_id as instanceId')
    .where('signing_secrets.id', 'in', ids)
    .where('process_instances.organization_id', '=', organizationId);
}

function executionNames(db: Reader, organizationId: string, ids: readonly string[]) {
  const name: Expression<string> = sql`process_instances.title || ' / ' || executions.workflow_id`;
  return db
    .selectFrom('executions')
    .innerJoin('process_instances', 'process_instances.id', 'executions.instance_id')
    .select(['executions.id', 'executions.instance_id as instanceId'])
    .select(() => sql<string>`${name}`.as('name'))
    .where('executions.id', 'in', ids)
    .where('executions.organization_id', '=', organizationId);
}

async function memberNames(db: Reader, organizationId: string, ids: readonly string[]): Promise<NamedId[]> {
  const members = await findMembers(db, organizationId, ids);
  return members.map(({ userId, email }) => ({ id: userId, name: email, instanceId: null }));
}

/** What ids of an organization are called now; of what it does not have, and of what is gone, nothing. */
export async function findNames(
  db: Reader,
  organizationId: string,
  ids: readonly string[],
): Promise<NamedId[]> {
  if (ids.length === 0) return [];
  const tables = [
    ['process_instances', 'title'],
    ['workspaces', 'name'],
    ['projects', 'name'],
  ] as const;
  const named = tables.map(([table, column]) =>
    db
      .selectFrom(table)
      .select([`${table}.id`, sql<string>`${sql.ref(`${table}.${column}`)}`.as('name'), none])
      .where(`${table}.id`, 'in', ids)
      .where(`${table}.organization_id`, '=', organizationId)
      .execute(),
  );
  const others = [keyNames, secretNames, executionNames].map((names) =>
    names(db, organizationId, ids).execute(),
  );
  return (await Promise.all([...named, ...others, memberNames(db, organizationId, ids)])).flat();
}

/** The addresses of people, members or not: call it only for those of whom a chain of the organization tells. */
export async function findPeople(db: Reader, ids: readonly string[]): Promise<NamedId[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('users')
    .select(['users.id', 'users.email as name', none])
    .where('id', 'in', ids)
    .execute();
}
