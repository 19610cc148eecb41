import type { Output } from '@latchkey/protocol';
import { openStore } from './deps.ts';
import { createByOperator, type OperatorKeyRequest } from './domains/keys/index.ts';
import { systemClock } from './platform/clock.ts';
import { createLogger } from './platform/logger.ts';
import { systemRandom } from './platform/random.ts';
import { readSettings, type SettingsFlags } from './settings.ts';

/**
 * Creates an admin or a personal key on the host, with the settings of the server and beside it if it runs. Throws
 * `SettingsError` for settings that cannot be used, `LatchkeyError` for a request that cannot be granted.
 */
export async function adminCreateKey(
  request: OperatorKeyRequest & Pick<SettingsFlags, 'dataDir'>,
): Promise<Output<'keys.createPersonal'>> {
  const settings = readSettings(process.env, { dataDir: request.dataDir });
  const log = createLogger('silent');
  const { store, secrets } = await openStore(settings, log);
  try {
    return await createByOperator({ store, secrets, log, clock: systemClock, random: systemRandom }, request);
  } finally {
    await store.close();
  }
}
