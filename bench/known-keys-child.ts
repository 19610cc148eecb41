import { createDeps, createLogger, readSettings } from '@latchkey/server';
import { fastify } from 'fastify';
import { createKnownKeys, type KnownKeys } from '../packages/server/src/domains/keys/known-keys.ts';
import { announce } from './announce.ts';
import { memoryPerItem } from './memory.ts';
import { checksPerSecond, inTurns, type Verdict } from './processor-time.ts';
import { spreadKeys } from './seeded-keys.ts';

/** How a server finds keys, in a process of its own and without HTTP. */
const [, , dataDir, count, of] = process.argv;

const keys = spreadKeys(Number(count), Number(of));
const deps = await createDeps(readSettings({}, { dataDir }), { log: createLogger('silent') });

/** A promise only where one has to be waited for. */
function isFound({ find }: KnownKeys, key: string): Verdict | Promise<Verdict> {
  const known = find(key);
  return known instanceof Promise ? known.then(({ kind }) => kind === 'key') : known.kind === 'key';
}

// Fewer than are asked for in turns, so that each of them has been forgotten when its turn comes.
const reading = createKnownKeys(deps, Math.floor(keys.length / 2));
const findNext = inTurns(keys, (key) => isFound(reading, key));

const app = fastify();

app.post('/in-process', async () => ({ perSecond: await checksPerSecond(findNext, { sliceMs: 200 }) }));

app.get('/memory', async () => {
  const remembering = createKnownKeys(deps, keys.length);
  const bytes = await memoryPerItem(keys.length, async () => {
    for (const key of keys) await isFound(remembering, key);
  });
  // Held until here: what nobody can reach any more would weigh nothing.
  return { bytes, isKnown: await isFound(remembering, keys[0] ?? '') };
});

await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
process.once('SIGTERM', () => void deps.close());
