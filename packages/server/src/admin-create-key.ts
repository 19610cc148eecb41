import type { Output } from '@latchkey/protocol';
import { openStore } from './deps.ts';
import { createByOperator, type OperatorKeyRequest } from './domains/keys/index.ts';
import { createSpentLimits } from './domains/limits/index.ts';
import { systemClock } from './platform/clock.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { systemRandom } from './platform/random.ts';
import { SettingsError } from './platform/settings-error.ts';
import { readSettings, type Settings, type SettingsFlags } from './settings.ts';
import { hasDatabase } from './storage/index.ts';

/** A key for a database that is made on the spot would be valid nowhere. */
async function requireDatabase(settings: Settings, log: Logger): Promise<void> {
  if (await hasDatabase(settings, log)) return;
  throw new SettingsError([
    settings.databaseUrl === undefined
      ? `There is no database in ${settings.dataDir}. Name the data folder of the server with --data or LATCHKEY_DATA_DIR.`
      : 'LATCHKEY_DATABASE_URL names a database that no server has started on.',
  ]);
}

/**
 * Creates an admin or a personal key on the host, with the settings of the server and beside it if it runs. Throws
 * `SettingsError` for settings that cannot be used or lead to no database, `LatchkeyError` for a request that cannot be granted.
 */
export async function adminCreateKey(
  request: OperatorKeyRequest & Pick<SettingsFlags, 'dataDir'>,
): Promise<Output<'keys.createPersonal'>> {
  const settings = readSettings(process.env, { dataDir: request.dataDir });
  const log = createLogger('silent');
  await requireDatabase(settings, log);
  const { store, secrets } = await openStore(settings, log);
  try {
    const spentLimits = createSpentLimits(systemClock);
    const deps = { store, secrets, log, clock: systemClock, random: systemRandom, spentLimits };
    return await createByOperator(deps, request);
  } finally {
    await store.close();
  }
}
