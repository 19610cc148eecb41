import Sqlite from 'better-sqlite3';
import { fastify } from 'fastify';
import { digestForNewKey } from '../packages/server/src/domains/keys/digests.ts';
import { loadMasterKey } from '../packages/server/src/platform/master-key.ts';
import { deriveSecrets } from '../packages/server/src/platform/secrets.ts';
import { announce } from './announce.ts';
import { checksPerSecond, inTurns } from './processor-time.ts';
import { spreadKeys } from './seeded-keys.ts';

/** The least that finding a key in the database takes: its row by its digest, by one prepared statement. */
const [, , dataDir, databaseFile, count, of] = process.argv;

const secrets = deriveSecrets(loadMasterKey(String(dataDir), undefined));
const keys = spreadKeys(Number(count), Number(of));
const digests = keys.map((key) => digestForNewKey(secrets, key));

const database = new Sqlite(String(databaseFile), { readonly: true });
const read = database.prepare('select * from api_keys where digest = ?');
const find = (digest: string) => read.get(digest) !== undefined;

const findNext = inTurns(digests, find);
const digestAndFindNext = inTurns(keys, (key) => find(digestForNewKey(secrets, key)));

const app = fastify();
app.post('/in-process/read', async () => ({ perSecond: await checksPerSecond(findNext, { sliceMs: 200 }) }));
app.post('/in-process/digest-and-read', async () => ({
  perSecond: await checksPerSecond(digestAndFindNext, { sliceMs: 200 }),
}));
await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
