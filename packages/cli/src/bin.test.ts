import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bin = join(import.meta.dirname, '..', 'bin');
const program = join(bin, 'latchkey.js');
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'latchkey-bin-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: home };
}

function run(...args: string[]) {
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: environment() });
}

/** A script that starts another one the way an old Node does. */
function relaunch(script: string): string[] {
  const file = join(home, 'child.mjs');
  writeFileSync(file, script);
  const url = JSON.stringify(new URL('../bin/newer-node.js', import.meta.url).href);
  const parent = `(await import(${url})).runUnderNewerNode(${JSON.stringify(file)})`;
  writeFileSync(join(home, 'parent.mjs'), parent);
  return [join(home, 'parent.mjs')];
}

describe('bin/latchkey.js', () => {
  it('runs the program from its sources and ends with its exit code', () => {
    expect(run(program, '--version')).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
    expect(run(program, 'nonsense')).toMatchObject({ status: 2, stdout: '' });
    expect(run(program, 'whoami')).toMatchObject({ status: 1, stdout: '' });
  });

  it.each([['--version'], ['use', '--json']])('loads nothing that %s %s has no use for', (...line) => {
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`;
    writeFileSync(join(home, 'spy.mjs'), script);
    const { stderr } = run('--import', `file://${home}/spy.mjs`, program, ...line);
    const loaded = stderr.split('\n').filter((url) => url.startsWith('file:'));
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.filter((url) => /node_modules|\/(server|sdk|protocol|keys)\/src\//.test(url))).toEqual([]);
    expect(loaded.length).toBeLessThan(27);
  });

  it('keeps compiled code in the cache folder of the user, not in one that others can write', () => {
    run(program, '--version');
    expect(readdirSync(join(home, '.cache', 'latchkey', 'compiled'))).not.toEqual([]);
  });

  it('says in one line that its output could not be written', () => {
    const line = `"${process.execPath}" "${program}" completion bash > /dev/full`;
    const full = spawnSync('bash', ['-c', line], { encoding: 'utf8', env: environment() });
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(/^Error: the output could not be written: .*\n$/);
  });

  it('ends quietly when its reader stops reading', () => {
    const line = `"${process.execPath}" "${program}" completion bash | head -c 1`;
    const piped = spawnSync('bash', ['-c', `${line}; echo "\${PIPESTATUS[0]}"`], {
      encoding: 'utf8',
      env: environment(),
    });
    expect(piped.stderr).toBe('');
    expect(piped.stdout).toBe('#0\n');
  });
});

describe('an old Node', () => {
  it('hands over arguments and exit code', () => {
    const child = run(
      ...relaunch('console.log(process.argv.slice(2).join()); process.exitCode = 7;'),
      'a',
      'b',
    );
    expect(child).toMatchObject({ status: 7, stdout: 'a,b\n', stderr: '' });
  });

  it('hands over signals, so that the server can drain', async () => {
    const script = `
      const alive = setInterval(() => {}, 1000);
      process.on('SIGTERM', () => { clearInterval(alive); console.log('drained'); });
      console.log('ready');`;
    const parent = spawn(process.execPath, relaunch(script), { env: environment() });
    parent.stdout.setEncoding('utf8').once('data', () => parent.kill('SIGTERM'));
    const output = parent.stdout.toArray();
    const [code, signal] = await once(parent, 'exit');
    expect([code, signal]).toEqual([0, null]);
    expect((await output).join('')).toContain('drained');
  });

  it('ends by the signal that ended the program', async () => {
    const parent = spawn(process.execPath, relaunch('process.kill(process.pid, "SIGKILL")'), {
      env: environment(),
    });
    const [code, signal] = await once(parent, 'exit');
    expect([code, signal]).toEqual([null, 'SIGKILL']);
  });

  it('says in one line what is needed where no newer Node is installed', () => {
    cpSync(bin, join(home, 'alone'), { recursive: true });
    writeFileSync(join(home, 'alone', 'package.json'), '{"type":"module"}');
    const url = JSON.stringify(`file://${home}/alone/newer-node.js`);
    const child = run('--input-type=module', '-e', `(await import(${url})).runUnderNewerNode('x')`);
    expect(child.status).toBe(1);
    expect(child.stderr).toMatch(/^latchkey needs Node 24 or newer, and this is \S+\. Install .+\n$/);
  });
});
