import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestUser, testUser } from '../cli-for-tests.ts';
import { root } from '../commands.ts';
import { leavesOf } from '../tree.ts';
import { completionOf, shells } from './shells.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everyCommand = await Promise.all(
  leavesOf(root).map(async ({ path, leaf }) => ({ path, command: (await leaf.load()).command })),
);

/** A command that knows two profiles, in place of the real one. */
function fakeProgram(): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'latchkey'), '#!/bin/sh\nprintf "acme\\nbeta\\n"\n', { mode: 0o755 });
  return bin;
}

const bin = fakeProgram();
const bash = await completionOf('bash', root);

/** What bash offers after these words; the last one is being typed. */
function offered(...words: string[]): string[] {
  const typed = ['latchkey', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${bash}
COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _latchkey; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const run = spawnSync('bash', ['--norc', '-c', script], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: `${bin}:${process.env.PATH}` },
  });
  expect(run.stderr).toBe('');
  return run.stdout.split('\n').filter((line) => line !== '');
}

describe.each(shells)('the %s script', (shell) => {
  it('holds every command and every flag of the tree', async () => {
    const script = await completionOf(shell, root);
    const wanted = everyCommand.flatMap(({ path, command }) => [
      path.join(' '),
      ...Object.entries(command.flags)
        .filter(([, flag]) => flag.hidden !== true)
        .map(([name]) => (shell === 'fish' ? ` -l ${name} ` : `--${name}`)),
    ]);
    expect(wanted.filter((text) => !script.includes(text))).toEqual([]);
  });
});

describe('bash', () => {
  it('offers the commands, also half typed', () => {
    expect(offered('')).toEqual(
      expect.arrayContaining([...Object.keys(root.children), '--help', '--version']),
    );
    expect(offered('organ')).toEqual(['organization']);
    expect(offered('organization', 'create')).toEqual(['create', 'create-key']);
  });

  it('offers the flags of a command, also after others', () => {
    expect(offered('organization', 'create-key', '--sc')).toEqual(['--scopes']);
    expect(offered('use', '--li')).toEqual([]);
    expect(
      offered('organization', 'create-key', '--name', 'use', '--scopes', 'x', '--json', '--exp'),
    ).toEqual(['--expires-in-days']);
  });

  it('offers the saved profiles where one is wanted, by any name of the command', () => {
    expect(offered('use', 'a')).toEqual(['acme']);
    expect(offered('profiles', 'b')).toEqual(['beta']);
    expect(offered('whoami', '--profile', '')).toEqual(['acme', 'beta']);
  });

  it('offers choices, files, and nothing for free text', () => {
    writeFileSync(join(folder, 'key.txt'), '');
    expect(offered('organization', 'create', '--size', 's')).toEqual(['solo']);
    expect(offered('login', '--api-key-file', 'key')).toEqual(['key.txt']);
    expect(offered('login', '--name', '')).toEqual([]);
    expect(offered('trigger', 'main', '-o', 'key')).toEqual(['key.txt']);
    expect(offered('completion', 'z')).toEqual(['zsh']);
    expect(offered('scan', 'other.txt', 'key')).toEqual(['key.txt']);
    expect(offered('scan', '--js')).toEqual(['--json']);
  });
});

describe('the completion command', () => {
  let user: TestUser;
  beforeEach(() => {
    user = testUser();
  });
  afterEach(() => user.remove());

  it('prints the script of the shell that is asked for, else of SHELL', async () => {
    expect((await user.run('completion bash')).stdout).toBe(`${bash}\n`);
    expect((await user.run('completion', { env: { SHELL: '/usr/bin/fish' } })).stdout).toContain(
      '# fish completion',
    );
    expect((await user.run('completion zsh --json')).json()).toMatchObject({ data: { shell: 'zsh' } });
  });

  it('exits 2 where the shell is not known', async () => {
    expect(await user.run('completion')).toMatchObject({ code: 2, stdout: '' });
    expect(await user.run('completion csh')).toMatchObject({ code: 2, stdout: '' });
    expect(await user.run('completion bash --install --uninstall')).toMatchObject({ code: 2, stdout: '' });
  });

  it('installs into .bashrc once, however often it is asked, and takes out no more than it put in', async () => {
    const rc = join(user.home, '.bashrc');
    writeFileSync(rc, 'alias a=b');
    await user.run('completion bash --install');
    const run = await user.run('completion bash --install');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(rc, 'utf8')).toBe(
      'alias a=b\n# BEGIN latchkey completion\neval "$(latchkey completion bash 2>/dev/null)"\n# END latchkey completion\n',
    );
    await user.run('completion bash --uninstall');
    expect(readFileSync(rc, 'utf8')).toBe('alias a=b\n');
  });

  it('installs a file of its own for zsh and fish', async () => {
    await user.run('completion zsh --install');
    await user.run('completion fish --install --json');
    const zsh = join(user.home, '.zsh', 'completions', '_latchkey');
    const fish = join(user.home, '.config', 'fish', 'completions', 'latchkey.fish');
    expect(readFileSync(zsh, 'utf8')).toMatch(/^#compdef latchkey\n/);
    expect(readFileSync(join(user.home, '.zshrc'), 'utf8')).toContain('fpath=(~/.zsh/completions $fpath)');
    expect(readFileSync(fish, 'utf8')).toContain('complete -c latchkey');
    await user.run('completion zsh --uninstall');
    await user.run('completion fish --uninstall');
    expect([existsSync(zsh), existsSync(fish)]).toEqual([false, false]);
    expect(readFileSync(join(user.home, '.zshrc'), 'utf8')).toBe('');
  });

  it('has nothing to take out where nothing was installed', async () => {
    const run = await user.run('completion fish --uninstall --json');
    expect(run.json()).toEqual({ success: true, data: { shell: 'fish', installed: false, files: [] } });
  });
});
