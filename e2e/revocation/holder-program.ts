/**
 * A back end in a process of its own: verifies the keys that it is told, one after the other, as fast as it can, and
 * tells what it has accepted.
 */
import { once } from 'node:events';
import { createVerifier } from '@latchkey/sdk';
import type { KeyReport, Milestone, Report, ToHolder } from './holder.ts';

type Watched = { -readonly [Field in keyof KeyReport]: KeyReport[Field] };

const [baseUrl = '', apiKey = '', id = ''] = process.argv.slice(2);
const verifier = createVerifier({ baseUrl, apiKey, id, timeoutMs: 2_000, maxRetries: 0 });
let watched: readonly Watched[] = [];
let failures = 0;
let asked: Milestone | undefined;

const isSo: Readonly<Record<Milestone, () => boolean>> = {
  known: () => watched.every(({ fromMemory }) => fromMemory > 0),
  refused: () => watched.every(({ refused }) => refused !== ''),
  failed: () => failures > 0,
};

process.on('message', (message: ToHolder) => {
  if (message.kind === 'report') asked = message.once;
  else
    watched = message.keys.map((key) => ({
      key,
      accepted: 0,
      fromMemory: 0,
      lastAcceptedAt: '0',
      refused: '',
    }));
});
process.on('disconnect', () => process.exit());

async function verify(each: Watched): Promise<void> {
  const beganAt = process.hrtime.bigint();
  const { valid, code, source } = await verifier.verify(each.key);
  if (!valid) {
    each.refused = code;
    return;
  }
  each.accepted += 1;
  if (source === 'memory') each.fromMemory += 1;
  each.lastAcceptedAt = String(beganAt);
}

for (;;) {
  if (watched.length === 0) await once(process, 'message');
  for (const each of watched) {
    await verify(each).catch(() => {
      failures += 1;
    });
  }
  if (asked === undefined || !isSo[asked]()) continue;
  asked = undefined;
  process.send?.({ keys: watched, failures } satisfies Report);
}
