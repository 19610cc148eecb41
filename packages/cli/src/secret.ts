import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Context, UsageError } from './command.ts';
import { fileProblem } from './config/file.ts';

/**
 * A secret as a flag gives it: `-` reads it from standard input, so that it stands in no process list.
 *
 * @throws {UsageError} when it is empty or holds what no key holds; the message never quotes it.
 */
export async function secretOfFlag({ terminal }: Context, flag: string, value: string): Promise<string> {
  const secret = value === '-' ? (await terminal.readInput()).trim() : value;
  return checkedSecret(secret, value === '-' ? `${flag} - (standard input)` : flag);
}

/** The secret that stands alone in a file; `-` is standard input here too. */
export async function secretOfFile(context: Context, flag: string, file: string): Promise<string> {
  if (file === '-') return secretOfFlag(context, flag, '-');
  try {
    return checkedSecret(readFileSync(resolve(context.terminal.cwd, file), 'utf8').trim(), flag);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${flag}: cannot read ${file}: ${fileProblem(error)}.`);
  }
}

/** Refuses what could not be sent in a header. */
export function checkedSecret(secret: string, where: string): string {
  if (secret === '') throw new UsageError(`${where} is empty.`);
  if (!/^[\x21-\x7e]+$/.test(secret))
    throw new UsageError(`${where} is not one API key: it holds other characters.`);
  return secret;
}
