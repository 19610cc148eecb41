import { createVerifier, type Verifier } from '@latchkey/sdk';
import { fastify } from 'fastify';
import { announce } from './announce.ts';
import { memoryPerItem } from './memory.ts';
import { checksPerSecond, inTurns, quick } from './processor-time.ts';
import { spreadKeys } from './seeded-keys.ts';

/** An API that verifies keys by the SDK, in its own process. */
const [, , port, verifyingKey, inUse, of] = process.argv;

const connections = 32;

function openVerifier(maxKeys: number): Verifier {
  return createVerifier({ baseUrl: `http://127.0.0.1:${port}`, apiKey: String(verifyingKey), maxKeys });
}

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
  return { perSecond: await checksPerSecond(verifyNext, quick) };
});

app.get('/memory', async () => {
  const bytes = await memoryPerItem(keys.length, () => verifyAll(verifier, keys));
  return { bytes };
});

await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
process.once('SIGTERM', () => void verifier.close());
