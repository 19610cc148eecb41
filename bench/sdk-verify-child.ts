import { createVerifier } from '@latchkey/sdk';
import { fastify } from 'fastify';
import { announce } from './announce.ts';
import { memoryPerItem } from './memory.ts';
import { checksPerSecond, inTurns } from './processor-time.ts';
import { spreadKeys } from './seeded-keys.ts';

/** An API that verifies keys by the SDK, in its own process. */
const [, , baseUrl, verifyingKey, inUse, of] = process.argv;

const connections = 32;

function openVerifier(maxKeys: number) {
  return createVerifier({ baseUrl: String(baseUrl), apiKey: String(verifyingKey), maxKeys });
}

type Verifier = ReturnType<typeof openVerifier>;

async function verifyAll({ verify }: Verifier, keys: readonly string[]): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) await verify(key);
  };
  await Promise.all(Array.from({ length: connections }, work));
}

const keys = spreadKeys(Number(inUse), Number(of));
const verifier = openVerifier(keys.length);
const verifyNext = inTurns(keys, verifier.verify);

const app = fastify();

app.post('/in-process', async () => {
  // While others are measured, the lease may have been given back, and with it what was known.
  await verifyAll(verifier, keys);
  return { perSecond: await checksPerSecond(verifyNext) };
});

app.get('/memory', async () => {
  const many = openVerifier(keys.length);
  const bytes = await memoryPerItem(keys.length, () => verifyAll(many, keys));
  await many.close();
  return { bytes };
});

app.addHook('onClose', () => verifier.close());
await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
