import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

/** How long it waits for a checkpoint of another process. */
const timeout = 10_000;

// Only Linux takes this for the thread: elsewhere it would be the whole process that others go before.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

const database = new Sqlite(workerData as string, { timeout });
database.pragma('synchronous = NORMAL');
const checkpoint = database.prepare('pragma wal_checkpoint(passive)');

// One that fails ends the thread.
parentPort?.on('message', () => {
  checkpoint.all();
  parentPort?.postMessage(undefined);
});
