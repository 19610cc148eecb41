import { type Context, UsageError } from './command.ts';

export const yesFlag = { yes: { summary: 'Do not ask' } } as const;

/**
 * Finds out before anything is sent whether a person can be asked.
 *
 * @throws {UsageError} when nobody can and `--yes` is not given.
 */
export function checkCanAsk({ terminal }: Context, yes: boolean): void {
  if (yes || terminal.isInteractive) return;
  throw new UsageError('Without a terminal to ask at, this needs --yes.');
}

/** Whether a person agrees; `--yes` does it for them. That they do not is said. */
export async function agreed(context: Context, question: string, yes: boolean): Promise<boolean> {
  checkCanAsk(context, yes);
  if (yes || (await context.terminal.confirm(question))) return true;
  context.terminal.err.line('Aborted.');
  return false;
}
