import { hash } from 'node:crypto';
import { generateKey, keyPrefixOf } from '@latchkey/keys';
import type { KeyLimit } from '@latchkey/protocol';
import Sqlite from 'better-sqlite3';
import { digestForNewKey } from '../packages/server/src/domains/keys/digests.ts';
import { loadMasterKey } from '../packages/server/src/platform/master-key.ts';
import { deriveSecrets } from '../packages/server/src/platform/secrets.ts';

/** The key of this number: the same in every process, so that none has to be handed a million of them. */
export function seededKey(number: number): string {
  return generateKey('organization', () => hash('sha256', `latchkey bench, key ${number}`, 'buffer'));
}

/** So many of the keys, spread evenly over all of them. */
export function spreadKeys(count: number, of: number): string[] {
  return Array.from({ length: count }, (_, index) => seededKey(Math.floor((index * of) / count)));
}

/** Keys to be put into a database that no server has open. */
export interface Seed {
  readonly dataDir: string;
  readonly databaseFile: string;
  readonly organizationId: string;
  readonly keys: number;
  /** What each of them is limited to. */
  readonly limits?: readonly KeyLimit[];
}

const columns = [
  'id',
  'family',
  'digest',
  'prefix',
  'name',
  'description',
  'scopes',
  'organization_id',
  'created_at',
  'updated_at',
  'limits',
] as const;

const seedingCacheKib = 1024 * 1024;

function keyId(number: number): string {
  return `019d312f-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Writes keys as minting would have: with the digests under which the server looks for them. */
export function seedKeys({ dataDir, databaseFile, organizationId, keys, limits }: Seed): void {
  const secrets = deriveSecrets(loadMasterKey(dataDir, undefined));
  const database = new Sqlite(databaseFile);
  // A million rows reach their indexes in no order: without room for those, most of them would go to the disk twice.
  database.pragma(`cache_size = -${seedingCacheKib}`);
  const insert = database.prepare(
    `insert into api_keys (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  );
  const now = Date.now();
  const scopes = JSON.stringify(['projects:read', 'executions:read']);
  const limitsText = limits === undefined ? null : JSON.stringify(limits);
  database.transaction(() => {
    for (let number = 0; number < keys; number++) {
      const secret = seededKey(number);
      const digest = digestForNewKey(secrets, secret);
      const id = keyId(number);
      insert.run(
        ...[id, 'organization', digest, keyPrefixOf(secret), 'Bench', '', scopes],
        ...[organizationId, now, now, limitsText],
      );
    }
  })();
  database.close();
}
