import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Context, UsageError } from './command.ts';
import { fileProblem } from './config/file.ts';
import { clean } from './output.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a file holds; `-` is standard input.
 *
 * @throws {UsageError} when it cannot be read.
 */
export async function textOfFile({ terminal }: Context, flag: string, file: string): Promise<string> {
  if (file === '-') return terminal.readInput();
  try {
    return readFileSync(resolve(terminal.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${clean(file)}: ${fileProblem(error)}.`);
  }
}

/**
 * The JSON object that a file holds; `-` is standard input. What its fields may be is for the server to say.
 *
 * @throws {UsageError} when it cannot be read or holds anything else; the message does not quote it.
 */
export async function jsonObjectOf(context: Context, flag: string, file: string): Promise<Fields> {
  const text = await textOfFile(context, flag, file);
  const where = `${flag} ${file === '-' ? '- (standard input)' : clean(file)}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${where} is not JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${where} must hold a JSON object, as {"orderId": 42}.`);
  }
  return value as Fields;
}
