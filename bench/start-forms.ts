import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { latchkeyProgram, projectPath } from './project-path.ts';

/** A program and the arguments that come before those of a command. */
export interface Form {
  readonly program: string;
  readonly args: readonly string[];
}

/** The forms in which a command is there to be run. */
export interface InstalledForms {
  /** The one bundled file, run directly. */
  readonly bundle: Form;
  /** The package as npm lays it out. */
  readonly installed: Form;
  /** The clone. */
  readonly source: Form;
  /** The published peer, on the Node that it is made for. */
  readonly published: Form;
}

/** The Node of the published peer. */
export const node24 = projectPath('node_modules/node24/bin/node');

function build(): void {
  const { status, stderr } = spawnSync(process.execPath, [projectPath('tools/build.ts')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the bundle could not be built:\n${stderr}`);
}

/** Lays the package out without its sources, its dependencies beside it; answers its command. */
function layOut(folder: string): string {
  const packageFolder = join(folder, 'installed', 'latchkey');
  mkdirSync(packageFolder, { recursive: true });
  for (const part of ['bin', 'dist', 'package.json']) {
    cpSync(projectPath(`packages/cli/${part}`), join(packageFolder, part), { recursive: true });
  }
  symlinkSync(projectPath('node_modules'), join(folder, 'installed', 'node_modules'));
  return join(packageFolder, 'bin', 'latchkey.js');
}

/** Builds the bundle anew and prepares every form in this folder. */
export function installForms(folder: string): InstalledForms {
  build();
  const program = process.execPath;
  return {
    bundle: { program, args: [projectPath('packages/cli/dist/latchkey.js')] },
    installed: { program, args: [layOut(folder)] },
    source: { program, args: [latchkeyProgram] },
    published: { program: node24, args: [projectPath('node_modules/codika/dist/cli/index.js')] },
  };
}
