import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '@latchkey/testkit';
import { describe, expect, it } from 'vitest';
import { decodeMasterKey, loadMasterKey } from './master-key.ts';
import { SettingsError } from './settings-error.ts';

function problemOf(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'nothing';
}

describe('the master key', () => {
  it('is made on first start, for its owner only, and found on every later one', () => {
    const dataDir = join(temporaryFolder('master-key'), 'data');
    const made = loadMasterKey(dataDir, undefined);
    expect(made).toHaveLength(32);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir)).toEqual(['master.key']);
    expect(loadMasterKey(dataDir, undefined)).toEqual(made);
    expect(loadMasterKey(temporaryFolder('master-key'), undefined)).not.toEqual(made);
  });

  it('is one and the same for processes that start together', async () => {
    const dataDir = temporaryFolder('master-key');
    const module = new URL('./master-key.ts', import.meta.url).href;
    const script = `const { loadMasterKey } = await import(${JSON.stringify(module)});
      process.stdout.write(Buffer.from(loadMasterKey(${JSON.stringify(dataDir)}, undefined)).toString('hex'));`;
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const keys = await Promise.all(Array.from({ length: 4 }, run));
    expect(new Set(keys.map(({ stdout }) => stdout)).size).toBe(1);
    expect(readdirSync(dataDir)).toEqual(['master.key']);
  });

  it('is made although an earlier start broke off while it made one', () => {
    const dataDir = temporaryFolder('master-key');
    for (const name of [`.master.key.${process.pid}`, '.master.key.1'])
      writeFileSync(join(dataDir, name), 'half');
    expect(loadMasterKey(dataDir, undefined)).toHaveLength(32);
  });

  it('is taken from the setting where it is given, and then no file is made or read', () => {
    const dataDir = join(temporaryFolder('master-key'), 'data');
    const given = randomBytes(32);
    expect(loadMasterKey(dataDir, given)).toBe(given);
    expect(existsSync(dataDir)).toBe(false);
  });

  it.each([
    0o644, 0o640, 0o604, 0o620, 0o602, 0o666,
  ])('is refused when its file has mode %o, with the remedy', (mode) => {
    const dataDir = temporaryFolder('master-key');
    loadMasterKey(dataDir, undefined);
    const path = join(dataDir, 'master.key');
    chmodSync(path, mode);
    const problem = problemOf(() => loadMasterKey(dataDir, undefined));
    expect(problem).toContain(`chmod 600 ${path}`);
    expect(problem).not.toContain(readFileSync(path, 'utf8').trim());
    chmodSync(path, 0o600);
    expect(loadMasterKey(dataDir, undefined)).toHaveLength(32);
  });

  it.each([
    '',
    '\n',
    'not a key',
    'ab'.repeat(31),
    'ab'.repeat(33),
  ])('is refused when its file holds %j', (text) => {
    const dataDir = temporaryFolder('master-key');
    writeFileSync(join(dataDir, 'master.key'), text, { mode: 0o600 });
    const problem = problemOf(() => loadMasterKey(dataDir, undefined));
    expect(problem).toContain('master.key does not hold a master key');
    if (text.trim() !== '') expect(problem).not.toContain(text.trim());
  });

  it('is read from hex of either case and from base64 of either alphabet, padded or not', () => {
    for (let round = 0; round < 50; round += 1) {
      const bytes = randomBytes(32);
      const texts = [
        bytes.toString('hex'),
        bytes.toString('hex').toUpperCase(),
        bytes.toString('base64'),
        bytes.toString('base64url'),
        ` ${bytes.toString('base64')}\n`,
      ];
      for (const text of texts) expect(decodeMasterKey(text)).toEqual(bytes);
    }
  });

  it.each([
    '',
    'zz'.repeat(32),
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}*`,
    'a'.repeat(63),
    'a'.repeat(65),
  ])('is not read from %j', (text) => {
    expect(decodeMasterKey(text)).toBeUndefined();
  });
});
