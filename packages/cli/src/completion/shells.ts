import type { Group } from '../command.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { completionTable } from './table.ts';
import { zshScript } from './zsh.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** The completion script of a shell, made from the command tree. */
export async function completionOf(shell: Shell, commands: Group): Promise<string> {
  return scripts[shell](await completionTable(commands));
}
