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

/** Starts the target on a port chosen first, since it is told its own origin. Tries others while they are taken. */
export async function startTarget({ latchkeyUrl, webhookSecret }: Trust): Promise<ExampleProcess> {
  const port = randomInt(lowestPort, highestPort);
  const env = {
    LATCHKEY_URL: latchkeyUrl,
    TARGET_WEBHOOK_SECRET: webhookSecret,
    TARGET_ORIGIN: `http://127.0.0.1:${port}`,
    PORT: String(port),
  };
  try {
    return await startExample('fastify-target', env);
  } catch (error) {
    if (!String(error).includes('EADDRINUSE')) throw error;
    return await startTarget({ latchkeyUrl, webhookSecret });
  }
}
