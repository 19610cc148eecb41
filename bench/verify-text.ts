/** How verification is measured. */
export const method = [
  'Keys in turns, 1,000 of them, all right and all seen before unless said.',
  'Over HTTP: POST of a key as JSON, 32 keep-alive connections with one request at a time on each, raw sockets.',
  'Latchkey answers POST /v1/keys/verify, and authenticates whoever asks; bare Fastify parses the same body and answers the very same verdict without looking anything up;',
  'Better Auth (API keys on better-sqlite3, WAL, synchronous=FULL as Latchkey) stands behind a route of Fastify, as its users write one; oidc-provider introspects opaque tokens (RFC 7662) from its store in memory.',
  '"Limited": each key has a limit that is far away; Latchkey counts it fast or exactly, Better Auth in its way.',
  '"1,000,000 keys": so many are in the database, and 1,000 of them, spread evenly, are asked for.',
  'In process, per second of processor time: verify() of the SDK with its lease and cache, one call after the other; auth.api.verifyApiKey() of Better Auth; a one-shot SHA-256 that is looked up in a map.',
  '"Key read": 200,000 of 1,000,000 keys in turns, so that each has been forgotten again when its turn comes; what a server does to find it, against a prepared "select *" by its digest, without and with making that digest.',
  'Each program is a process of its own, held to core 0; the client is held to core 1. Latchkey runs as `latchkey serve` with its default settings: log level info, stderr in a file.',
].join(' ');

/** What the figures do not say. */
export const limits = [
  'Better Auth writes to the database at each verification. Over HTTP it waits for the disk meanwhile, which the flush time above says something about; in process only processor time counts, which is in its favour.',
  'oidc-provider holds 1,000 records in memory, so that 500 tokens are asked for; its answer is shorter.',
  'Bare Fastify authenticates nobody and writes no log.',
  'What is read of 1,000,000 keys comes from the memory of the system, which has room for all of the file, and not from the disk.',
  'Memory is the growth of the heap after a collection, over 50,000 keys with two scopes and no limits.',
  'All servers stay up while one is measured, and what an idle one does (a lease each second, at most) is in the figures of the others. Loopback, no TLS.',
];
