import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

/** The path of a file of this repository. */
export function projectPath(relative: string): string {
  return fileURLToPath(new URL(relative, root));
}

/** The command as a clone runs it. */
export const latchkeyProgram = projectPath('packages/cli/bin/latchkey.js');
