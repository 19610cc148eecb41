import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Context, UsageError } from '../../command.ts';
import { fileProblem } from '../../config/file.ts';
import { clean } from '../../output.ts';

export const outputFlag = {
  output: { value: '<file>', short: 'o', summary: 'Write the whole answer to this file', completes: 'files' },
} as const;

/**
 * The absolute path of a file that can be written, before anything is sent whose answer would be lost.
 *
 * @throws {UsageError}
 */
export function outputPathOf({ terminal }: Context, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const path = resolve(terminal.cwd, file);
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw new UsageError(`--output: ${clean(file)} is a folder.`);
  try {
    accessSync(existing === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--output: cannot write ${clean(file)}: ${fileProblem(error)}.`);
  }
  return path;
}

/** Writes an answer as indented JSON. */
export function writeAnswer(path: string, answer: unknown): void {
  try {
    writeFileSync(path, `${JSON.stringify(answer, null, 2)}\n`);
  } catch (error) {
    throw new Error(`The answer could not be written to ${clean(path)}: ${fileProblem(error)}.`);
  }
}
