import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { createDeps } from './deps.ts';
import { readSettings, type SettingsFlags, unusedSettings } from './settings.ts';

const drainDeadlineMs = 15_000;

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Resolves at the first SIGTERM or SIGINT. */
async function askedToStop(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
}

/**
 * Runs the server until it is asked to stop; answers the exit code after requests in flight were answered. One line
 * of JSON on stdout says where it listens. Throws `SettingsError` when it cannot start with its settings.
 */
export async function serve(flags: SettingsFlags = {}): Promise<number> {
  const settings = readSettings(process.env, flags);
  // From here on a signal is heard, so that one that comes as soon as the line below is read still drains.
  const stop = askedToStop();
  const deps = await createDeps(settings);
  for (const name of unusedSettings(process.env))
    deps.log.warn(`${name} is set, and nothing in this version uses it`);
  const app = await createApp(deps);
  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await deps.close();
    throw error;
  }
  const url = urlOf(app.server.address() as AddressInfo);
  deps.setListening(url);
  process.stdout.write(`${JSON.stringify({ listening: url })}\n`);
  await stop;
  deps.log.info('draining');
  const deadline = setTimeout(() => app.server.closeAllConnections(), drainDeadlineMs);
  await app.close();
  clearTimeout(deadline);
  await deps.close();
  return 0;
}
