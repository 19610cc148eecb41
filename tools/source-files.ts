import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file as a check sees it. */
export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Reads every file that matches the glob, in order of path; installed packages are never read. */
export function readFiles(root: string, glob: string): SourceFile[] {
  const paths = globSync(glob, { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  const own = paths.filter((path) => !path.split('/').includes('node_modules')).sort();
  return own.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

const testFiles = /\.test\.tsx?$|\/arbitrary-[a-z-]+\.ts$|-for-tests\.ts$|^packages\/server\/src\/security\//;

/** Says whether a file is a test or serves tests only; those may reach where shipped code may not. */
export function isTest(path: string): boolean {
  return testFiles.test(path);
}

/** Prints what a check found and sets the exit code: 0 without faults, else 1. */
export function report(check: string, faults: readonly string[]): void {
  for (const fault of faults) console.error(`${check}: ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}
