import { hash, randomUUIDv7 } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { openOwnTable } from './own-table.ts';

/** What accepting an execution cannot do without: a known key, one row, one commit; and Fastify around it. */
const [, , latchkeyFile, ownFile] = process.argv;

const insert = openOwnTable(String(latchkeyFile), String(ownFile), 'executions').prepare(
  `insert into executions (id, instance_id, workflow_id, trigger_id, status, caller, payload, created_at,
     deadline_at, attempts, due_at)
   values (?, ?, ?, ?, 'pending', ?, ?, ?, ?, 0, ?)`,
);

interface Place {
  readonly instanceId: string;
  readonly workflowId: string;
}

const known = new Set<string>();

function isKnown(key: unknown): boolean {
  const digest = hash('sha256', String(key), 'base64url');
  // Whoever comes first is known from then on: which key it is does not change what looking it up costs.
  if (known.size === 0) known.add(digest);
  return known.has(digest);
}

const caller = JSON.stringify({
  method: 'instance-key',
  keyId: randomUUIDv7(),
  signingSecretId: null,
  userId: null,
});
const triggerId = randomUUIDv7();

function accept({ instanceId, workflowId }: Place, { payload }: { readonly payload: unknown }): string {
  const id = randomUUIDv7();
  const now = Date.now();
  insert.run(id, instanceId, workflowId, triggerId, caller, JSON.stringify(payload), now, now + 300_000, now);
  return id;
}

const app = fastify();

app.post<{ Params: Place; Body: { payload: unknown } }>(
  '/webhook/:instanceId/:workflowId',
  async ({ params, body, headers }, reply) => {
    if (!isKnown(headers['x-api-key'])) return reply.code(401).send({ success: false });
    return { success: true, executionId: accept(params, body), message: 'Execution started' };
  },
);

app.post<{ Params: Place; Body: { payload: unknown } }>('/nothing/:instanceId/:workflowId', async () => ({
  success: true,
  executionId: triggerId,
  message: 'Execution started',
}));

await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
process.once('SIGTERM', () => void app.close());
