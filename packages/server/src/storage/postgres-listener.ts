import pg from 'pg';
import type { Logger } from '../platform/logger.ts';
import type { Hearing, Listener, Store } from './store.ts';

const reconnectMs = 250;

/**
 * `Store.listen` for PostgreSQL: a connection that does nothing but listen, since one of the pool may be closed or
 * handed to somebody else at any time.
 */
export function createListening(config: pg.ClientConfig, log: Logger): NonNullable<Store['listen']> {
  return async (channel, { onMessage, onReady }: Hearing): Promise<Listener> => {
    let client: pg.Client | undefined;
    let timer: NodeJS.Timeout | undefined;
    let isClosed = false;

    /** A client that was given up no longer counts, whatever happens to it. */
    function lost(of: pg.Client, err?: unknown): void {
      if (of !== client) return;
      client = undefined;
      of.end().catch(() => {});
      if (isClosed) return;
      if (err !== undefined) log.warn({ err }, 'the connection that listens was lost');
      timer = setTimeout(() => void connect(), reconnectMs).unref();
    }

    async function connect(): Promise<void> {
      const made = new pg.Client({ ...config, keepAlive: true });
      client = made;
      made.on('error', (error) => lost(made, error));
      made.on('end', () => lost(made));
      made.on('notification', ({ payload = '' }) => onMessage(payload));
      try {
        await made.connect();
        await made.query(`listen ${pg.escapeIdentifier(channel)}`);
        if (made === client) onReady();
      } catch (error) {
        lost(made, error);
      }
    }

    await connect();
    return {
      renew() {
        if (client !== undefined) lost(client);
      },
      async close() {
        isClosed = true;
        clearTimeout(timer);
        await client?.end().catch(() => {});
      },
    };
  };
}
