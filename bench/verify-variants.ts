import { postRequest } from './requests.ts';
import type { Variant } from './rounds.ts';
import { spreadKeys } from './seeded-keys.ts';
import { inProcess, slice } from './slices.ts';
import { verifyRequest } from './verify-requests.ts';
import type { SeededServer } from './verify-servers.ts';
import { keysInUse, manyKeys, type Stage } from './verify-stage.ts';

const connections = 32;
const requestsPerSlice = 8_000;
/** For those that take long. */
const fewRequestsPerSlice = 400;
const introspectionsPerSlice = 3_000;

/** What is measured. */
export const names = {
  latchkey: 'Latchkey, HTTP',
  many: 'Latchkey, HTTP, 1,000,000 keys',
  limited: 'Latchkey, HTTP, limit counted fast',
  exact: 'Latchkey, HTTP, limit counted exactly',
  bare: 'bare Fastify, HTTP, no lookup',
  betterAuth: 'Better Auth, HTTP',
  betterAuthLimited: 'Better Auth, HTTP, limited',
  oidc: 'oidc-provider, introspection',
  sdk: 'Latchkey, SDK, in process',
  cold: 'Latchkey, key read of 1,000,000, in process',
  map: 'SHA-256 and a map, in process',
  read: 'prepared read of 1,000,000 keys, in process',
  digestAndRead: 'HMAC and prepared read of 1,000,000 keys, in process',
  betterAuthInProcess: 'Better Auth, in process',
  betterAuthLimitedInProcess: 'Better Auth, in process, limited',
};

function latchkeySlice(name: string, { port, verifyingKey }: SeededServer, keys: number): Variant {
  const requests = spreadKeys(keysInUse, keys).map((key) => verifyRequest(verifyingKey, key));
  return slice({ name, port, connections, count: requestsPerSlice, requests });
}

function peerSlice(
  name: string,
  { port, keys }: { readonly port: number; readonly keys: readonly string[] },
  count: number,
): Variant {
  const requests = keys.map((key) => postRequest('/verify', {}, { key }));
  return slice({ name, port, connections, count, requests });
}

/** Everything that is measured over HTTP, by 32 callers. */
function overHttp(stage: Stage): Variant[] {
  const { port, requests } = stage.oidc;
  return [
    latchkeySlice(names.latchkey, stage.latchkey, keysInUse),
    latchkeySlice(names.many, stage.many, manyKeys),
    latchkeySlice(names.limited, stage.fast, keysInUse),
    latchkeySlice(names.exact, stage.exact, keysInUse),
    peerSlice(names.bare, stage.bare, requestsPerSlice),
    peerSlice(names.betterAuth, stage.betterAuth, fewRequestsPerSlice),
    peerSlice(names.betterAuthLimited, stage.betterAuthLimited, fewRequestsPerSlice),
    slice({ name: names.oidc, port, connections, count: introspectionsPerSlice, requests }),
  ];
}

/** Everything that is measured. */
export function variantsOf(stage: Stage): Variant[] {
  return [
    ...overHttp(stage),
    inProcess(names.sdk, stage.sdk.port),
    inProcess(names.cold, stage.knownKeys.port),
    inProcess(names.read, stage.bareRead.port, '/in-process/read'),
    inProcess(names.digestAndRead, stage.bareRead.port, '/in-process/digest-and-read'),
    inProcess(names.map, stage.bare.port),
    inProcess(names.betterAuthInProcess, stage.betterAuth.port),
    inProcess(names.betterAuthLimitedInProcess, stage.betterAuthLimited.port),
  ];
}
