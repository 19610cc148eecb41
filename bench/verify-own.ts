import { startProgramOfBench } from './bench-program.ts';
import type { ServerChild } from './child.ts';
import { getJson } from './slices.ts';
import type { SeededServer } from './verify-servers.ts';

/** So many keys are read in turns: more than a process remembers, and more than SQLite holds pages of in memory. */
const readKeys = 200_000;
/** So many are remembered to be weighed. */
const weighedKeys = 50_000;

/** Starts an API that verifies so many of the keys of a server by the SDK. */
export function startSdk(
  folder: string,
  server: SeededServer,
  inUse: number,
  of: number,
): Promise<ServerChild> {
  const { port, verifyingKey } = server;
  const numbers = [port, inUse, of].map(String) as [string, string, string];
  return startProgramOfBench(folder, 'sdk-verify-child.ts', numbers[0], verifyingKey, numbers[1], numbers[2]);
}

/** Starts what finds keys in the database of a server, which has so many, as the server does. */
export function startKnownKeys(folder: string, { dataDir }: SeededServer, of: number): Promise<ServerChild> {
  return startProgramOfBench(folder, 'known-keys-child.ts', dataDir, String(readKeys), String(of));
}

/** Starts what reads them as directly as can be. */
export function startBareRead(
  folder: string,
  { dataDir, databaseFile }: SeededServer,
  of: number,
): Promise<ServerChild> {
  return startProgramOfBench(
    folder,
    'bare-read-child.ts',
    dataDir,
    databaseFile,
    String(readKeys),
    String(of),
  );
}

/** Bytes of heap that a remembered key takes. */
export interface Weights {
  readonly server: number;
  readonly sdk: number;
}

async function bytesIn(started: Promise<ServerChild>): Promise<number> {
  const { port, stop } = await started;
  const { bytes } = await getJson<{ bytes: number }>(port, '/memory');
  await stop();
  return bytes;
}

/** Weighs what a server and the SDK keep of each key. */
export async function weighKeys(folder: string, server: SeededServer, of: number): Promise<Weights> {
  return {
    server: await bytesIn(
      startProgramOfBench(folder, 'known-keys-child.ts', server.dataDir, String(weighedKeys), String(of)),
    ),
    sdk: await bytesIn(startSdk(folder, server, weighedKeys, of)),
  };
}
