import { type Context, UsageError } from '../command.ts';
import { isKeyLike } from '../output.ts';

const variable = 'LATCHKEY_PROCESS_INSTANCE_ID';

/** The process instance of a command that names something else by its argument. */
export const instanceFlag = {
  'process-instance-id': { value: '<id>', summary: `Process instance (default: ${variable})` },
} as const;

/** The process instance of a command that is about nothing else. */
export const instanceArgument = {
  name: 'processInstanceId',
  summary: `Process instance, as \`latchkey instance list\` shows it (default: ${variable})`,
} as const;

/** The same where nothing but the command line may say which. */
export const namedInstanceArgument = {
  name: 'processInstanceId',
  summary: 'Process instance, as `latchkey instance list` shows it',
  required: true,
} as const;

/**
 * An id as it may stand in a path. A key that was given in its place goes nowhere, and is not repeated.
 *
 * @throws {UsageError}
 */
export function checkedId(where: string, id: string): string {
  if (isKeyLike(id)) throw new UsageError(`${where}: this is a key. Keys are given by --api-key alone.`);
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(id)) return id;
  throw new UsageError(`${where} must be an id of letters, digits, - and _.`);
}

/**
 * The process instance that the command line names, else the environment.
 *
 * @throws {UsageError} when neither does; the message says how to find one.
 */
export function instanceIdOf({ terminal }: Context, given: string | undefined): string {
  const id = given ?? terminal.env[variable];
  if (id) return checkedId(given === undefined ? variable : 'The process instance', id);
  throw new UsageError(
    `Which process instance? Give its id or set ${variable}. \`latchkey instance list\` shows the ids.`,
  );
}
