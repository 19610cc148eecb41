import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../command.ts';
import { fileProblem } from '../config/file.ts';
import type { Shell } from './shells.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const begin = '# BEGIN latchkey completion';
const end = '# END latchkey completion';

/** A start-up file that gets a marked block, and a file of its own where the shell has a folder for these. */
interface Place {
  readonly startUp?: { readonly file: string; readonly lines: readonly string[] };
  readonly own?: string;
}

function placeOf(shell: Shell, env: Environment): Place {
  const home = env.HOME || homedir();
  switch (shell) {
    case 'bash':
      // Asked anew by every shell, so that it never lags behind the installed version.
      return {
        startUp: { file: join(home, '.bashrc'), lines: ['eval "$(latchkey completion bash 2>/dev/null)"'] },
      };
    case 'zsh':
      return {
        own: join(home, '.zsh', 'completions', '_latchkey'),
        startUp: {
          file: join(env.ZDOTDIR || home, '.zshrc'),
          lines: ['fpath=(~/.zsh/completions $fpath)', 'autoload -Uz compinit && compinit'],
        },
      };
    case 'fish':
      return {
        own: join(env.XDG_CONFIG_HOME || join(home, '.config'), 'fish', 'completions', 'latchkey.fish'),
      };
  }
}

function withoutBlock(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return text;
  return text.slice(0, from) + text.slice(to + end.length).replace(/^\n/, '');
}

function readOrEmpty(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function writeBlock(file: string, lines: readonly string[]): void {
  const kept = withoutBlock(readOrEmpty(file));
  const separated = kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`;
  writeFileSync(file, `${separated}${[begin, ...lines, end].join('\n')}\n`);
}

function touching<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const path = error instanceof Error && 'path' in error ? String(error.path) : 'the start-up file';
    throw new UsageError(`Cannot change ${path}: ${fileProblem(error)}.`);
  }
}

/** Installs a completion script, again and again without piling up; answers the files it wrote. */
export function installCompletion(shell: Shell, script: string, env: Environment): string[] {
  const { startUp, own } = placeOf(shell, env);
  return touching(() => {
    if (own !== undefined) {
      mkdirSync(dirname(own), { recursive: true });
      writeFileSync(own, script);
    }
    if (startUp !== undefined) writeBlock(startUp.file, startUp.lines);
    return [own, startUp?.file].filter((file) => file !== undefined);
  });
}

/** Takes out what `installCompletion` put in; answers the files that it changed. */
export function uninstallCompletion(shell: Shell, _script: string, env: Environment): string[] {
  const { startUp, own } = placeOf(shell, env);
  return touching(() => {
    const changed: string[] = [];
    if (own !== undefined && existsSync(own)) {
      rmSync(own);
      changed.push(own);
    }
    if (startUp !== undefined && readOrEmpty(startUp.file).includes(begin)) {
      writeFileSync(startUp.file, withoutBlock(readOrEmpty(startUp.file)));
      changed.push(startUp.file);
    }
    return changed;
  });
}
