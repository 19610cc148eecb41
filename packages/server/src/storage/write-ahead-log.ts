import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { LatchkeyError } from '@latchkey/protocol';

/** What SQLite has committed and not yet copied into the database file: the file `latchkey.db-wal`. */
export interface WriteAheadLog {
  /** Resolves when all that is committed would survive a power cut. Throws `UNAVAILABLE` for good once that is not known. */
  flush(): Promise<void>;
  /** Throws the same, so that nothing more is committed in vain. */
  requireIntact(): void;
  /** Copies the log into the database file, so that it can begin anew; nobody may write meanwhile. */
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}

const thread = new URL(`./checkpoint-thread${extname(import.meta.url)}`, import.meta.url);

/** One checkpoint at a time, in a thread that is started for the first. */
function createCheckpoints(path: string) {
  let worker: Worker | undefined;
  return {
    /** Resolves also where none was possible: the log has then just become no shorter. */
    async run(): Promise<void> {
      worker ??= new Worker(thread, { workerData: path });
      worker.ref();
      worker.postMessage(undefined);
      try {
        await once(worker, 'message');
        worker.unref();
      } catch {
        worker = undefined;
      }
    },
    async close(): Promise<void> {
      await worker?.terminate();
    },
  };
}

/**
 * The log of a database that a connection of this process has open with `synchronous = NORMAL`. Waiting for the disk
 * happens in other threads: where SQLite itself waits, nothing else in this process is answered, and a disk may take
 * 100 ms. Others can read a commit before it is flushed, as in every database that commits in groups, but whoever made
 * it is told only then.
 */
export function openWriteAheadLog(databasePath: string): WriteAheadLog {
  const checkpoints = createCheckpoints(databasePath);
  let file: FileHandle | undefined;
  let failure: LatchkeyError | undefined;
  function requireIntact(): void {
    if (failure !== undefined) throw failure;
  }
  return {
    requireIntact,
    async flush() {
      requireIntact();
      try {
        file ??= await open(`${databasePath}-wal`, 'r+');
        await file.datasync();
      } catch (cause) {
        // What could not be written the system may have forgotten: the next flush would succeed and mean nothing.
        const internal = 'the disk did not take what was written; the server has to be restarted';
        failure = new LatchkeyError('UNAVAILABLE', { cause, internal });
        throw failure;
      }
    },
    checkpoint: checkpoints.run,
    async close() {
      await checkpoints.close();
      await file?.close();
    },
  };
}
