import type { Reader } from '../../storage/index.ts';

/** What these keys are called, by id: all of them, or only those of one person. */
export async function findKeyNames(
  db: Reader,
  keyIds: readonly string[],
  onlyOf: string | null | undefined,
): Promise<ReadonlyMap<string, string>> {
  if (keyIds.length === 0 || onlyOf === null) return new Map();
  const rows = await db
    .selectFrom('api_keys')
    .select(['id', 'name'])
    .where('id', 'in', keyIds)
    // Those are the operator's.
    .where('family', '!=', 'admin')
    .$if(onlyOf !== undefined, (query) => query.where('user_id', '=', onlyOf ?? ''))
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What these signing secrets are called, by id. */
export async function findSecretLabels(
  db: Reader,
  secretIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (secretIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('signing_secrets')
    .select(['id', 'label'])
    .where('id', 'in', secretIds)
    .execute();
  return new Map(rows.map(({ id, label }) => [id, label]));
}
