import { hash, randomBytes, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { openOwnTable } from './own-table.ts';

/** What minting a key cannot do without: random bytes, a digest, one row, one commit; and Fastify around it. */
const [, , latchkeyFile, ownFile] = process.argv;

interface Asked {
  readonly name: string;
  readonly scopes: readonly string[];
}

const insert = openOwnTable(String(latchkeyFile), String(ownFile), 'api_keys').prepare(
  `insert into api_keys (id, family, digest, prefix, name, description, scopes, organization_id, user_id,
     created_at, updated_at, expires_at, revoked_at, last_used_at)
   values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);

function mint(organizationId: string, { name, scopes }: Asked) {
  const secret = `cko_${randomBytes(32).toString('base64url')}`;
  const keyId = randomUUIDv7();
  const keyPrefix = secret.slice(0, 12);
  const now = Date.now();
  insert.run(
    keyId,
    'organization',
    `1.${hash('sha256', secret, 'base64url')}`,
    keyPrefix,
    name,
    '',
    JSON.stringify(scopes),
    organizationId,
    null,
    now,
    now,
    null,
    null,
    null,
  );
  const createdAt = new Date(now).toISOString();
  return { keyId, apiKey: secret, keyPrefix, name, scopes, createdAt, organizationId };
}

const app = fastify();

app.post<{ Params: { organizationId: string }; Body: Asked }>(
  '/v1/organizations/:organizationId/keys',
  async ({ params, body }) => ({ success: true, data: mint(params.organizationId, body) }),
);

const answer = {
  success: true,
  data: mint('org', { name: 'fixed', scopes: ['projects:read', 'executions:read'] }),
};
app.post('/nothing', async () => answer);

app.post<{ Body: Asked & { count: number } }>('/in-process', async ({ body }) => {
  const startedAtMs = performance.now();
  let organizationId = '';
  for (let minted = 0; minted < body.count; minted++) {
    if (minted % 20 === 0) organizationId = randomUUID().slice(0, 20);
    mint(organizationId, body);
  }
  return { perSecond: body.count / ((performance.now() - startedAtMs) / 1000) };
});

await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
process.once('SIGTERM', () => void app.close());
