import { spreadKeys } from './seeded-keys.ts';
import { answerTo, bodyOf } from './slices.ts';
import { startBareRead, startKnownKeys, startSdk } from './verify-own.ts';
import { startBareVerify, startBetterAuth, startOidcProvider } from './verify-peers.ts';
import { verifyRequest } from './verify-requests.ts';
import { type SeededServer, startSeeded } from './verify-servers.ts';

/** Keys that are verified in turns. */
export const keysInUse = 1_000;
/** Keys that the large database holds. */
export const manyKeys = 1_000_000;
const tokens = 500;

const plenty = { requests: 1_000_000_000, windowSeconds: 86_400 };

/** What Latchkey answers about a key, so that bare Fastify can answer just as much. */
async function verdictOf({ port, verifyingKey }: SeededServer, key: string): Promise<string> {
  return JSON.stringify(bodyOf(await answerTo(port, verifyRequest(verifyingKey, key))));
}

/** Starts everything that is measured, each in a process of its own on core 0. */
export async function startAll(folder: string) {
  const latchkey = await startSeeded(folder, 'few', { keys: keysInUse });
  const keys = spreadKeys(keysInUse, keysInUse);
  const many = await startSeeded(folder, 'many', { keys: manyKeys });
  return {
    latchkey,
    many,
    fast: await startSeeded(folder, 'fast', { keys: keysInUse, limits: [{ ...plenty, counting: 'fast' }] }),
    exact: await startSeeded(folder, 'exact', {
      keys: keysInUse,
      limits: [{ ...plenty, counting: 'exact' }],
    }),
    bare: await startBareVerify(folder, await verdictOf(latchkey, keys[0] ?? ''), keys),
    betterAuth: await startBetterAuth(folder, 'unlimited', keysInUse),
    betterAuthLimited: await startBetterAuth(folder, 'limited', keysInUse),
    sdk: await startSdk(folder, latchkey, keysInUse, keysInUse),
    knownKeys: await startKnownKeys(folder, many, manyKeys),
    bareRead: await startBareRead(folder, many, manyKeys),
    oidc: await startOidcProvider(folder, tokens),
  };
}

/** All that is started. */
export type Stage = Awaited<ReturnType<typeof startAll>>;
