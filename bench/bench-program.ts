import { openSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerChild, startServer } from './child.ts';
import { projectPath } from './project-path.ts';
import { emptyHome } from './scratch.ts';

const serverCore = 0;

/**
 * Starts one of the programs in this folder on core 0. What it has to say goes to a log, since oidc-provider warns at
 * length of what a bench is; whether it can collect garbage when it wants to is for those that weigh what they keep.
 */
export function startProgramOfBench(
  folder: string,
  program: string,
  ...args: readonly string[]
): Promise<ServerChild> {
  return startServer({
    args: ['--expose-gc', projectPath(`bench/${program}`), ...args],
    env: emptyHome(folder),
    core: serverCore,
    stderr: openSync(join(folder, 'programs.log'), 'a'),
  });
}
