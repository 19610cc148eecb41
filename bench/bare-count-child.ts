import { hash } from 'node:crypto';
import { fastify } from 'fastify';
import { announce } from './announce.ts';
import { openOwnTable } from './own-table.ts';

/** What counting a use exactly cannot do without: a known key, one guarded statement, one commit; and Fastify around it. */
const [, , latchkeyFile, ownFile, keysText, verdictText] = process.argv;

const verdict = JSON.parse(String(verdictText));
const keys: string[] = JSON.parse(String(keysText));
const known = new Map(keys.map((key, number) => [hash('sha256', key), `key-${number}`]));

const allowed = 1_000_000_000;
const windowSeconds = 86_400;

const count = openOwnTable(String(latchkeyFile), String(ownFile), 'key_uses').prepare(
  `insert into key_uses (key_id, window_seconds, used, allowed, taken, started_at, ends_at)
   values (?, ${windowSeconds}, 1, ${allowed}, 1, ?, ?)
   on conflict (key_id, window_seconds) do update set used = used + 1 where used < ${allowed}`,
);

const app = fastify();

app.post<{ Body: { key: string } }>('/v1/keys/verify', async ({ body }, reply) => {
  const keyId = known.get(hash('sha256', body.key));
  if (keyId === undefined) return reply.code(401).send({ success: false });
  const now = Date.now();
  const { changes } = count.run(keyId, now, now + windowSeconds * 1_000);
  return changes === 1 ? verdict : reply.code(429).send({ success: false });
});

await app.listen({ host: '127.0.0.1', port: 0 });
announce(app.server);
