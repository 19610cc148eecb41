import { hash } from 'node:crypto';
import { fastify } from 'fastify';
import { announce } from './announce.ts';
import { checksPerSecond, inTurns, quick } from './processor-time.ts';

/** What verifying cannot do without: Fastify that answers, and in process a digest that is looked up. */
const [, , verdictText, keysText] = process.argv;

const verdict = JSON.parse(String(verdictText));
const keys: string[] = JSON.parse(String(keysText));

const app = fastify();

app.post('/verify', async () => verdict);

const known = new Map(keys.map((key) => [hash('sha256', key), verdict]));
const verifyNext = inTurns(keys, (key) => known.get(hash('sha256', key)) !== undefined);
app.post('/in-process', async () => ({ perSecond: await checksPerSecond(verifyNext, quick) }));

await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
