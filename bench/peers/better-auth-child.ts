import { fastify } from 'fastify';
import { announce } from '../announce.ts';
import { checksPerSecond, inTurns } from '../processor-time.ts';
import { openBetterAuth } from './better-auth.ts';

/** Better Auth as its users run it: a route of their own around its verification, which has none. */
const [, , databaseFile, keys, rateLimit] = process.argv;

const auth = await openBetterAuth({
  databaseFile: String(databaseFile),
  keys: Number(keys),
  rateLimited: rateLimit === 'limited',
});

const app = fastify();

app.get('/keys', async () => auth.keys);

app.post<{ Body: { key: string } }>('/verify', async ({ body }) => auth.verify(body.key));

const verifyNext = inTurns(auth.keys, auth.verify);
app.post('/in-process', async () => ({
  perSecond: await checksPerSecond(verifyNext, { betweenLooks: 8, sliceMs: 200 }),
}));

await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
