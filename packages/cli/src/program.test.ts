import { afterAll, describe, expect, it } from 'vitest';
import { testUser } from './cli-for-tests.ts';
import { root } from './commands.ts';
import { leavesOf } from './tree.ts';

const user = testUser();
afterAll(() => user.remove());

describe('the program', () => {
  it('prints its version', async () => {
    expect(await user.run('--version')).toMatchObject({ code: 0, stdout: '1.2.3\n', stderr: '' });
    expect(await user.run('-V')).toMatchObject({ code: 0, stdout: '1.2.3\n' });
  });

  it('prints help on stdout when asked, on stderr with exit code 2 when called without a command', async () => {
    const asked = await user.run('--help');
    const alone = await user.run('');
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(alone.stderr).toBe(asked.stdout);
    for (const name of Object.keys(root.children)) expect(asked.stdout).toContain(`\n  ${name}`);
  });

  it('does the same for a group', async () => {
    expect(await user.run('organization --help')).toMatchObject({ code: 0, stderr: '' });
    const alone = await user.run('organization');
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(alone.stderr).toContain('create-key');
  });

  it.each([
    ['nonsense', 'Unknown command: nonsense.'],
    ['organisation list-keys', 'Unknown command: organisation. Did you mean latchkey organization?'],
    ['organization crate-key', 'Did you mean latchkey organization create-key?'],
    ['--frobnicate', 'Unknown flag --frobnicate.'],
    ['auth --email x', 'Unknown flag --email.'],
    ['constructor', 'Unknown command: constructor.'],
  ])('answers %j with exit code 2', async (line, message) => {
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
  });

  it('strips what could steer the terminal from a command that it repeats', async () => {
    const run = await user.run(['\x1b[31mevil\x07']);
    expect(run.stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('knows an alias', async () => {
    expect(await user.run('profiles --json')).toMatchObject({ code: 0 });
  });

  it('uses colours only where the terminal has them', async () => {
    const plain = await user.run('whoami --profile x');
    const coloured = await user.run('whoami --profile x', { isColoured: true });
    expect(plain.stderr).not.toContain('\x1b');
    expect(coloured.stderr).toContain('\x1b[31m');
  });
});

/** Columns of the terminal with the width of its help. */
const widths: readonly (readonly [columns: number | undefined, width: number])[] = [
  [undefined, 80],
  [40, 60],
  [60, 60],
  [80, 80],
  [200, 100],
];

/** Lines beyond a width; a flag with its value, as an address, is never broken. */
function tooLong(help: string, width: number): readonly string[] {
  const lines = help.split('\n').filter((line) => line.length > width);
  return lines.filter((line) => !/^ +--[\w-]+ \S+( \\)?$/.test(line));
}

/** Lines of prose that end in the middle of a sentence although the next word has room on them. */
function brokenEarly(help: string, width: number): readonly string[] {
  const lines = help.split('\n');
  return lines.filter((line, at) => {
    const [nextWord = ''] = (lines[at + 1] ?? '').split(' ');
    return /^\S.*[^.:!?]$/.test(line) && nextWord !== '' && line.length + 1 + nextWord.length <= width;
  });
}

describe.each([['', ...Object.keys(root.children)]].flat())('%s --help of a group', (name) => {
  it.each(widths)('fits a terminal of %s columns', async (columns, width) => {
    const run = await user.run(`${name} --help`, columns === undefined ? {} : { columns });
    expect(tooLong(run.stdout, width)).toEqual([]);
  });
});

describe.each(leavesOf(root).map(({ path }) => path.join(' ')))('%s --help', (name) => {
  it('prints usage, every flag and examples on stdout', async () => {
    const run = await user.run(`${name} --help`);
    expect(run).toMatchObject({ code: 0, stderr: '', sent: [] });
    expect(run.stdout).toContain(`Usage: latchkey ${name}`);
    expect(run.stdout).toContain('--json');
    expect(run.stdout).toMatch(/\nExamples:\n {2}\$ /);
    expect(await user.run(`help ${name}`)).toMatchObject({ stdout: run.stdout });
  });

  it.each(widths)('fits a terminal of %s columns', async (columns, width) => {
    const run = await user.run(`${name} --help`, columns === undefined ? {} : { columns });
    expect(tooLong(run.stdout, width)).toEqual([]);
    expect(brokenEarly(run.stdout, width)).toEqual([]);
  });
});
