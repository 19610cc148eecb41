import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder, replaceFile } from '../../config/file.ts';

/** The last checkpoint of a chain that this machine has seen. Nothing in it is secret. */
export interface KnownCheckpoint {
  readonly chain: string;
  readonly publicKey: string;
  readonly seq: number;
  readonly hash: string;
}

function isKnown(value: unknown): value is KnownCheckpoint {
  const { chain, publicKey, seq, hash } = (value ?? {}) as Partial<KnownCheckpoint>;
  const areTexts = [chain, publicKey, hash].every((each) => typeof each === 'string');
  return areTexts && Number.isSafeInteger(seq);
}

function fileBeside(configFile: string): string {
  return join(dirname(configFile), 'audit-checkpoints.json');
}

function readAll(configFile: string): KnownCheckpoint[] {
  try {
    const value = JSON.parse(readFileSync(fileBeside(configFile), 'utf8')) as unknown;
    return Array.isArray(value) ? value.filter(isKnown) : [];
  } catch {
    return [];
  }
}

/**
 * What was seen of a chain before: with the same key if there is that, else with another, which then is a fault. Every
 * server has a chain `server`, so that one only counts with its key.
 */
export function knownCheckpoint(
  configFile: string,
  chain: string,
  publicKey: string,
): KnownCheckpoint | undefined {
  const seen = readAll(configFile).filter((each) => each.chain === chain);
  const same = seen.find((each) => each.publicKey === publicKey);
  return same ?? (chain === 'server' ? undefined : seen[0]);
}

/** Keeps a checkpoint for later; one that is further back is not kept. */
export function rememberCheckpoint(configFile: string, checkpoint: KnownCheckpoint): void {
  const { chain, publicKey, seq, hash } = checkpoint;
  const all = readAll(configFile);
  const isSame = (each: KnownCheckpoint) => each.chain === chain && each.publicKey === publicKey;
  if (all.some((each) => isSame(each) && each.seq > seq)) return;
  const kept = [...all.filter((each) => !isSame(each)), { chain, publicKey, seq, hash }];
  makeFolder(dirname(configFile));
  replaceFile(fileBeside(configFile), `${JSON.stringify(kept, null, 2)}\n`);
}
