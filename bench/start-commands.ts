import { spawnSync } from 'node:child_process';
import type { Variant } from './rounds.ts';
import { emptyHome } from './scratch.ts';
import { type Form, type InstalledForms, node24 } from './start-forms.ts';

/** The names under which the floors are measured: a Node that does nothing. */
export const floor = 'node -e 0';
export const floor24 = 'node -e 0, Node 24';

/** The name under which a command is measured in one of its forms. */
export function nameOf(form: keyof InstalledForms, command: readonly string[]): string {
  return `${form} ${command.join(' ')}`;
}

function timed(name: string, { program, args }: Form, env: NodeJS.ProcessEnv): Variant {
  return {
    async measure() {
      const startedAtMs = performance.now();
      const { status } = spawnSync(program, args, { env, stdio: 'ignore' });
      const durationMs = performance.now() - startedAtMs;
      if (status !== 0) throw new Error(`${name} ended with code ${status}`);
      return { [name]: durationMs };
    },
  };
}

/** Measures what starting each of the two Nodes costs. */
export function floorVariants(folder: string): Variant[] {
  const env = emptyHome(folder);
  const args = ['-e', '0'];
  return [
    timed(floor, { program: process.execPath, args }, env),
    timed(floor24, { program: node24, args }, env),
  ];
}

/** Measures a command in each of its forms. */
export function commandVariants(
  folder: string,
  forms: InstalledForms,
  command: readonly string[],
): Variant[] {
  const env = emptyHome(folder);
  return (['bundle', 'installed', 'source', 'published'] as const).map((form) => {
    const { program, args } = forms[form];
    return timed(nameOf(form, command), { program, args: [...args, ...command] }, env);
  });
}
