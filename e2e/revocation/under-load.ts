import { createClient } from '@latchkey/sdk';
import type { Holder, Report } from './holder.ts';
import type { MintedKey, ThreeServers } from './three-servers.ts';

/** How many keys live at once: an organization has at most 20, one of which verifies. */
const keysAtOnce = 18;

/** What a number of revocations brought. */
export interface UnderLoad {
  /** From when a revocation was sent until its receipt was here. */
  readonly receiptsMs: readonly number[];
  /** Verifications that began after the receipt of their key and accepted it. */
  readonly late: readonly string[];
  readonly accepted: number;
  readonly fromMemory: number;
}

/** Keys that a holder accepted in a verification that began after the receipt. */
function lateOf(report: Report, revoked: ReadonlyMap<string, bigint>): string[] {
  const late = report.keys.filter(({ key, lastAcceptedAt }) => {
    const receipt = revoked.get(key);
    return receipt !== undefined && BigInt(lastAcceptedAt) > receipt;
  });
  return late.map(({ key, lastAcceptedAt }) => `${key.slice(0, 12)} at ${lastAcceptedAt}`);
}

function total(reports: readonly Report[], field: 'accepted' | 'fromMemory'): number {
  return reports.flatMap(({ keys }) => keys).reduce((sum, key) => sum + key[field], 0);
}

/** Revokes keys one after the other, each through the next server, while the holders verify all as fast as they can. */
export async function revokeUnderLoad(
  { servers, owner, mint }: ThreeServers,
  holders: readonly Holder[],
  revocations: number,
): Promise<UnderLoad> {
  const clients = servers.map(({ baseUrl }) => createClient({ ...owner.identity, baseUrl, maxRetries: 0 }));
  const receiptsMs: number[] = [];
  const late: string[] = [];
  const sums = { accepted: 0, fromMemory: 0 };

  /** Answers when the receipt was here. */
  async function revoke(keyId: string): Promise<bigint> {
    const client = clients[receiptsMs.length % clients.length] ?? owner.client;
    const sentAtMs = performance.now();
    await client.callOrThrow('keys.revoke', { keyId });
    const receivedAt = process.hrtime.bigint();
    receiptsMs.push(performance.now() - sentAtMs);
    return receivedAt;
  }

  async function revokeAll(keys: readonly MintedKey[]): Promise<Map<string, bigint>> {
    const revoked = new Map<string, bigint>();
    for (const { keyId, apiKey } of keys) revoked.set(apiKey, await revoke(keyId));
    return revoked;
  }

  while (receiptsMs.length < revocations) {
    const keys = await mint(Math.min(keysAtOnce, revocations - receiptsMs.length));
    for (const holder of holders) holder.watch(keys.map(({ apiKey }) => apiKey));
    await Promise.all(holders.map((holder) => holder.once('known')));
    const revoked = await revokeAll(keys);
    const reports = await Promise.all(holders.map((holder) => holder.once('refused')));
    for (const holder of holders) holder.watch([]);
    late.push(...reports.flatMap((report) => lateOf(report, revoked)));
    sums.accepted += total(reports, 'accepted');
    sums.fromMemory += total(reports, 'fromMemory');
  }
  return { receiptsMs, late, ...sums };
}
