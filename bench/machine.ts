import { spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { projectPath } from './project-path.ts';
import { quartilesOf } from './statistics.ts';

type Facts = Readonly<Record<string, string>>;

/** What the figures were measured on. */
export function machineFacts(): Facts {
  const cores = cpus();
  return {
    processor: `${cores.length} × ${cores[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
  };
}

function installedVersion(name: string): string {
  return JSON.parse(readFileSync(projectPath(`node_modules/${name}/package.json`), 'utf8')).version;
}

function commit(): string {
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: projectPath('.'), encoding: 'utf8' }).stdout?.trim();
  const changed = git('status', '--porcelain', '--', 'packages') === '' ? '' : ' with changes in packages/';
  return `${git('rev-parse', '--short', 'HEAD') || 'unknown'}${changed}`;
}

/** What was measured. */
export function versionFacts(): Facts {
  const packages = ['fastify', 'better-sqlite3', 'codika'].map(
    (name) => [name, installedVersion(name)] as const,
  );
  return { commit: commit(), Node: process.versions.node, ...Object.fromEntries(packages) };
}

/** Median time in microseconds until 4 KiB that were written to a file of this folder are on the disk. */
export function flushMicroseconds(folder: string): number {
  const path = join(folder, 'flush-probe');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(4096);
  const times = Array.from({ length: 500 }, (_, index) => {
    writeSync(file, block, 0, block.length, index * block.length);
    const startedAtMs = performance.now();
    fdatasyncSync(file);
    return (performance.now() - startedAtMs) * 1000;
  });
  closeSync(file);
  rmSync(path);
  return quartilesOf(times).median;
}
