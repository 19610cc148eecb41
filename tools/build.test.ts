import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from './build.ts';

const cli = join(import.meta.dirname, '..', 'packages', 'cli');
let folder: string;

/** The package as it ships: no sources, and nothing installed around it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-build-'));
  await build(join(folder, 'dist'));
  cpSync(join(cli, 'bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(cli, 'package.json'), join(folder, 'package.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...line: string[]) {
  const args = [join(folder, 'bin', 'latchkey.js'), ...line];
  const env = { PATH: process.env.PATH, HOME: folder };
  return spawnSync(process.execPath, args, { encoding: 'utf8', env });
}

describe('the built command', () => {
  it('imports nothing before a command needs it', () => {
    const text = readFileSync(join(folder, 'dist', 'latchkey.js'), 'utf8');
    expect(text).not.toMatch(/(^|[;}])import[{*\s\w"']/);
    expect(text).toContain('import(`./server.js`)');
  });

  it('runs every command that needs no installed package', () => {
    const { version } = JSON.parse(readFileSync(join(cli, 'package.json'), 'utf8'));
    expect(run('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(JSON.parse(run('use', '--json').stdout)).toEqual({ activeProfile: null, profiles: [] });
    expect(run('organization', 'create-key', '--help')).toMatchObject({ status: 0, stderr: '' });
    expect(run('completion', 'bash')).toMatchObject({ status: 0, stderr: '' });
    expect(run('organization', 'create-key')).toMatchObject({ status: 2, stdout: '' });
  });

  it('reaches for the network as the sources do', () => {
    const line = ['auth', 'signup-request', '--email', 'you@example.com', '--base-url', 'http://127.0.0.1:1'];
    const { status, stdout } = run(...line, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ success: false, error: { code: 'network-error' } });
  });
});
