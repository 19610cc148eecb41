import type { Environment, KeyFamily } from '@latchkey/keys';
import type { Role } from '@latchkey/protocol';
import { type Selectable, sql } from 'kysely';
import type { ApiKeysTable, Store } from '../../storage/index.ts';
import type { KeyReads } from './look-ups.ts';

/** What verifying needs of a key; neither its digest nor what is only ever shown in lists. */
const columns = [
  'id',
  'family',
  'prefix',
  'name',
  'scopes',
  'organization_id',
  'user_id',
  'created_at',
  'expires_at',
  'revoked_at',
  'ends_at',
  'disabled_at',
  'environment',
  'workspace_id',
  'level',
  'fingerprint',
  'instance_id',
  'rate_limit',
  'allowed_addresses',
  'resources',
  'limits',
  'budget',
] as const;

/** A key as it is kept in memory. */
export type VerifiedRow = Pick<Selectable<ApiKeysTable>, (typeof columns)[number]>;

type Nullable<Row> = { readonly [Name in keyof Row]: Row[Name] | null };

/** One row for each organization in which the key counts; one without a key where there is none. */
export type FoundRow = Nullable<VerifiedRow> & {
  /** The number of the last change that had been committed. */
  readonly seq: number;
  /** Of personal keys only: in which organization its user is what. */
  readonly member_of: string | null;
  readonly role: Role | null;
  readonly organization_name: string | null;
  readonly workspace: string | null;
  readonly instance_environment: Environment | null;
};

/** Stands where a digest comes; as many as there are live peppers. */
const placeholder = '';

/**
 * The key of which a column has one of so many values, all that verifying it needs, and the number of the last change: in
 * one statement, so that what was read is as of that number.
 */
function findKey({ db }: Pick<Store, 'db'>, column: 'digest' | 'id', count: number) {
  const personal = sql.lit<KeyFamily>('personal');
  return db
    .selectFrom('revocation_counter as counter')
    .leftJoin('api_keys as key', (join) =>
      join.on(
        `key.${column}`,
        'in',
        Array.from({ length: count }, () => placeholder),
      ),
    )
    .leftJoin('memberships as member', (join) =>
      join.on((eb) =>
        eb(
          'member.user_id',
          '=',
          // Nothing to look for unless it is the person who counts.
          eb.case().when('key.family', '=', personal).then(eb.ref('key.user_id')).end(),
        ),
      ),
    )
    .leftJoin('organizations as organization', (join) =>
      join.on((eb) =>
        eb('organization.id', '=', eb.fn.coalesce('key.organization_id', 'member.organization_id')),
      ),
    )
    .leftJoin('workspaces as workspace', 'workspace.id', 'key.workspace_id')
    .leftJoin('process_instances as instance', 'instance.id', 'key.instance_id')
    .select(columns.map((name) => `key.${name}` as const))
    .select([
      'counter.seq as seq',
      'member.organization_id as member_of',
      'member.role as role',
      'organization.name as organization_name',
      'workspace.slug as workspace',
      'instance.environment as instance_environment',
    ]);
}

/** So many keys are found by one query at most. */
const maxTogether = 50;

function prepareFindMany(store: Store, column: 'digest' | 'id', count: number): KeyReads['many'] {
  const total = maxTogether * count;
  const query = findKey(store, column, total).select(`key.${column} as found_by`);
  const read = store.prepareRead(`find-keys-by-${column}`, query.compile());
  return async (wanted) => {
    const rows = await read([...wanted.flat(), ...Array<string>(total).fill(placeholder)].slice(0, total));
    return wanted.map((names) => {
      const own = rows.filter(({ found_by: name }) => name !== null && names.includes(name));
      return own.length > 0 ? own : rows.slice(0, 1).map((row) => ({ ...row, id: null }));
    });
  };
}

/** Finds keys by their digests, one for each live pepper. */
export function prepareFindKeys(store: Store, digests: number): KeyReads {
  const one = store.prepareRead('find-key', findKey(store, 'digest', digests).compile());
  return { one, many: prepareFindMany(store, 'digest', digests), maxTogether };
}

/** Finds keys by their ids. */
export function prepareFindKeysById(store: Store): KeyReads {
  const one = store.prepareRead('find-key-by-id', findKey(store, 'id', 1).compile());
  return { one, many: prepareFindMany(store, 'id', 1), maxTogether };
}
