import { randomInt } from 'node:crypto';
import { type ExampleProcess, startExample } from './example-process.ts';

/** What a target has to be told of the Latchkey that calls it. */
export interface Trust {
  readonly latchkeyUrl: string;
  /** `whsec_…` */
  readonly webhookSecret: string;
}

/** Below those that the kernel hands out, so that no other test gets one by chance. */
const [lowestPort, highestPort] = [20_000, 32_000];

/**
 * Starts the target on a port chosen first, since its origin has to be known to whoever makes the secret. Tries others
 * while they are taken, and asks again.
 */
export async function startTarget(trustOf: (origin: string) => Promise<Trust>): Promise<ExampleProcess> {
  const port = randomInt(lowestPort, highestPort);
  const origin = `http://127.0.0.1:${port}`;
  const { latchkeyUrl, webhookSecret } = await trustOf(origin);
  const env = { LATCHKEY_URL: latchkeyUrl, TARGET_WEBHOOK_SECRET: webhookSecret, TARGET_ORIGIN: origin };
  try {
    return await startExample('fastify-target', { ...env, PORT: String(port) });
  } catch (error) {
    if (!String(error).includes('EADDRINUSE')) throw error;
    return await startTarget(trustOf);
  }
}
