import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createPostgresDatabase, type PostgresDatabase } from '@latchkey/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Holder, startHolder } from './holder.ts';
import { startThreeServers, type ThreeServers } from './three-servers.ts';
import { revokeUnderLoad } from './under-load.ts';

/** `npm run bench -- revocation` does 500, alone on its machine. */
const revocations = 54;

let database: PostgresDatabase;
let three: ThreeServers;
const holders: Holder[] = [];

beforeAll(async () => {
  database = await createPostgresDatabase();
  three = await startThreeServers(database.url);
});
afterEach(async () => {
  await Promise.all(holders.splice(0).map((holder) => holder.stop()));
});
afterAll(async () => {
  await three.close();
  await database.drop();
});

function newHolder(id: string, baseUrl: string): Holder {
  const holder = startHolder(id, baseUrl, three.verifyingKey);
  holders.push(holder);
  return holder;
}

/** A holder that remembers one new key, which it is asked about all the time. */
async function holderOfOneKey(id: string, baseUrl = three.servers[0].baseUrl) {
  const holder = newHolder(id, baseUrl);
  const [minted] = await three.mint(1);
  if (minted === undefined) throw new Error('no key was made');
  holder.watch([minted.apiKey]);
  await holder.once('known');
  return { holder, ...minted };
}

/** A way to the server that can be cut without either side being told. */
async function startWay(baseUrl: string) {
  const sockets = new Set<Socket>();
  const way = createServer((inner) => {
    const outer = connect(Number(new URL(baseUrl).port), '127.0.0.1');
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.pipe(other);
    }
  });
  way.listen(0, '127.0.0.1');
  await once(way, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(way.address() as AddressInfo).port}`,
    cut(): void {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close(): void {
      for (const socket of sockets) socket.destroy();
      way.close();
    },
  };
}

async function revoke(keyId: string) {
  const { receipt } = await three.owner.client.callOrThrow('keys.revoke', { keyId });
  return { receivedAt: process.hrtime.bigint(), receipt };
}

describe('three servers and what verifies at them', () => {
  it('accept no key in a verification that began after its receipt, whatever the load', async () => {
    for (const index of [0, 1, 2, 3]) {
      newHolder(`holder-${index}`, three.servers[index % 3]?.baseUrl ?? '');
    }
    const { receiptsMs, late, accepted, fromMemory } = await revokeUnderLoad(three, holders, revocations);
    expect(late).toEqual([]);
    expect(receiptsMs).toHaveLength(revocations);
    // Nearly all were answered from memory, or nothing has been shown.
    expect(fromMemory).toBeGreaterThan(0.9 * accepted);
  });

  it('wait for a holder that stands still no longer than its lease, and it knows when it goes on', async () => {
    const { holder, keyId, apiKey } = await holderOfOneKey('frozen');
    holder.child.kill('SIGSTOP');
    const { receivedAt, receipt } = await revoke(keyId);
    const outcomes = receipt?.holders.filter((each) => each.holder.startsWith('frozen'));
    expect(outcomes).toEqual([expect.objectContaining({ kind: 'verifier', outcome: 'lease-ended' })]);
    holder.child.kill('SIGCONT');
    const report = await holder.once('refused');
    expect(report.keys).toMatchObject([{ key: apiKey, refused: 'REVOKED' }]);
    expect(BigInt(report.keys[0]?.lastAcceptedAt ?? 0)).toBeLessThan(receivedAt);
  });

  it('wait for a holder that is cut off no longer than its lease, in which it falls silent', async () => {
    const way = await startWay(three.servers[0].baseUrl);
    const { holder, keyId } = await holderOfOneKey('cut-off', way.baseUrl);
    way.cut();
    const { receivedAt, receipt } = await revoke(keyId);
    const outcomes = receipt?.holders.filter((each) => each.holder.startsWith('cut-off'));
    expect(outcomes).toEqual([expect.objectContaining({ outcome: 'lease-ended' })]);
    const report = await holder.once('failed');
    expect(BigInt(report.keys[0]?.lastAcceptedAt ?? 0)).toBeLessThan(receivedAt);
    way.close();
  });
});
