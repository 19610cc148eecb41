import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Environment, generateEnvironmentKey, generateKey, keyKinds } from '@latchkey/keys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noServer, ok, refused, type TestUser, testUser } from '../cli-for-tests.ts';
import { startServerForCommands } from '../server-for-tests.ts';

const secret = generateKey('organization');
const shown = `organization key ${secret.slice(0, 12)}`;

let user: TestUser;
beforeEach(() => {
  user = testUser();
});
afterEach(() => user.remove());

/** Writes a file below the home folder, where the commands of the test run. */
function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(user.home, path)), { recursive: true });
  writeFileSync(join(user.home, path), content);
}

describe('scan', () => {
  it('names place, family and prefix of every key, fingerprint and environment where it has them', async () => {
    const made = keyKinds.map((kind) => {
      if (kind.family !== 'environment') return { kind, secret: generateKey(kind.family), fingerprint: null };
      return { kind, ...generateEnvironmentKey(kind.environment as Environment) };
    });
    write('.env', made.map((each) => `KEY=${each.secret}\n`).join(''));
    const run = await user.run('scan .env --json');
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({
      keys: 7,
      files: 1,
      omitted: [],
      findings: made.map(({ kind, secret: key, fingerprint }, index) => ({
        path: '.env',
        line: index + 1,
        column: 5,
        family: kind.family,
        environment: kind.family === 'environment' ? kind.environment : null,
        keyPrefix: key.slice(0, 12),
        fingerprint,
      })),
    });
    for (const { secret: key } of made) expect(run.stdout).not.toContain(key);
  });

  it('exits 1 with a line for each place and says what to do, without the key', async () => {
    write('src/a.ts', `const key = '${secret}';\n// ${secret}${generateKey('admin')}\n`);
    write('src/deep/er/b.json', JSON.stringify({ text: `line\n${secret}` }));
    const run = await user.run('scan src');
    expect(run.code).toBe(1);
    expect(run.stdout.split('\n').slice(0, 2)).toEqual([`src/a.ts:1:14: ${shown}`, `src/a.ts:2:4: ${shown}`]);
    expect(run.stdout).toContain(`src/deep/er/b.json:1:16: ${shown}\n`);
    expect(run.stderr).toContain('2 keys in 4 places of 2 files');
    expect(run.stderr).toContain('latchkey key report-leaked ');
    expect(run.sent).toEqual([]);
    expect(run.stdout + run.stderr).not.toContain(secret);
  });

  it('exits 0 where there is no key, also for what only looks like one', async () => {
    write('a.txt', `${secret.slice(0, -1)}\n${secret.replace(/.$/, (last) => (last === '0' ? '1' : '0'))}`);
    const run = await user.run('scan .');
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toContain('No key in 1 file');
    expect((await user.run('scan a.txt --json')).json()).toMatchObject({ findings: [], keys: 0, files: 1 });
  });

  it('exits 2 before it searches anything where a path is wrong, and does not repeat a key given as one', async () => {
    write('a.txt', secret);
    expect(await user.run('scan')).toMatchObject({ code: 2, stdout: '' });
    const missing = await user.run('scan a.txt nowhere');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('Cannot read nowhere: there is no such file.');
    expect(await user.run('scan - -')).toMatchObject({ code: 2, stdout: '' });
    expect(await user.run(['scan', ''])).toMatchObject({ code: 2, stdout: '' });
    const mistaken = await user.run(['scan', secret]);
    expect(mistaken.code).toBe(2);
    expect(mistaken.stderr).not.toContain(secret);
  });

  it('searches several paths and standard input, in the order they are given', async () => {
    write('b.txt', secret);
    write('a.txt', secret);
    const run = await user.run('scan b.txt - a.txt', { input: `\n ${secret}` });
    expect(run.stdout).toBe(`b.txt:1:1: ${shown}\n-:2:2: ${shown}\na.txt:1:1: ${shown}\n`);
  });

  it('searches binary files and UTF-16 of both orders', async () => {
    const noise = Buffer.from(Array.from({ length: 4096 }, (_, index) => index & 0xff));
    write('core', Buffer.concat([noise, Buffer.from(secret), noise]));
    write('little.txt', Buffer.from(`\ufeffone\ntwo ${secret}\n`, 'utf16le'));
    write('big.txt', Buffer.from(`\ufeffone\ntwo ${secret}\n`, 'utf16le').swap16());
    const run = await user.run('scan . --json');
    expect(run.json()).toMatchObject({
      findings: [
        { path: 'big.txt', line: 2, column: 5 },
        { path: 'core', line: 17 },
        { path: 'little.txt', line: 2, column: 5 },
      ],
    });
  });

  it('finds a key wherever the pieces that a file is read in are cut', async () => {
    const pieceBytes = 65_536;
    const starts = Array.from({ length: secret.length + 2 }, (_, index) => pieceBytes - index);
    for (const start of starts) write(`cut/${start}`, 'x'.repeat(start) + secret + 'x'.repeat(pieceBytes));
    const run = await user.run('scan cut');
    const expected = starts.map((start) => `cut/${start}:1:${start + 1}: ${shown}`);
    expect(run.stdout.trimEnd().split('\n').sort()).toEqual(expected.sort());
  });

  it('follows no symbolic link in a folder, but one that is named', async () => {
    write('outside/key.txt', secret);
    write('inside/plain.txt', '');
    symlinkSync(join(user.home, 'outside'), join(user.home, 'inside/folder'));
    symlinkSync(join(user.home, 'outside/key.txt'), join(user.home, 'inside/file'));
    symlinkSync('..', join(user.home, 'inside/round'));
    const run = await user.run('scan inside');
    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toContain('Not searched: 3 symbolic links.');
    expect(await user.run('scan inside/file')).toMatchObject({ code: 1 });
    expect(await user.run('scan inside/folder')).toMatchObject({ code: 1 });
  });

  it('leaves node_modules and .git/objects out unless a path leads into them', async () => {
    for (const path of [
      '.git/objects/ab/cd',
      'node_modules/x/node_modules/y/a.js',
      '.git/config',
      'objects/a',
    ]) {
      write(join('project', path), secret);
    }
    const run = await user.run('scan project');
    expect(run.stdout).toBe(`project/.git/config:1:1: ${shown}\nproject/objects/a:1:1: ${shown}\n`);
    expect(run.stderr).toContain('Not searched: 1 .git/objects, 1 node_modules.');
    expect((await user.run('scan project/node_modules')).stdout).toContain('/node_modules/y/a.js:1:1:');
    expect((await user.run('scan project/.git/objects/ab')).stdout).toContain('ab/cd:1:1:');
  });

  it('does not wait at a pipe that stands in a folder', async () => {
    write('folder/a.txt', secret);
    spawnSync('mkfifo', [join(user.home, 'folder/pipe')]);
    const run = await user.run('scan folder --json');
    expect(run.json()).toMatchObject({
      files: 1,
      omitted: [{ path: 'folder/pipe', reason: 'special file' }],
    });
  });

  it('exits 1 where something could not be read, and names it', async () => {
    write('a.txt', '');
    const run = await user.run('scan a.txt /proc/self/mem');
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('Cannot read /proc/self/mem: EIO.');
  });

  it('shows no key that is part of the name of a file', async () => {
    write(`${secret}.txt`, secret);
    const text = await user.run('scan .');
    const json = await user.run('scan . --json');
    expect(text.code).toBe(1);
    expect(text.stdout + text.stderr + json.stdout).not.toContain(secret);
  });

  it('searches a file of 1 GiB in memory that does not grow with it', () => {
    write('big', '');
    truncateSync(join(user.home, 'big'), 2 ** 30);
    writeFileSync(join(user.home, 'big'), secret, { flag: 'a' });
    const spy = `process.on('exit', () => console.error('rss', process.resourceUsage().maxRSS));`;
    write('spy.mjs', spy);
    const program = join(import.meta.dirname, '../../bin/latchkey.js');
    const args = ['--import', join(user.home, 'spy.mjs'), program, 'scan', join(user.home, 'big')];
    const run = spawnSync(process.execPath, args, { encoding: 'utf8', env: { HOME: user.home } });
    expect(run).toMatchObject({
      status: 1,
      stdout: `${join(user.home, 'big')}:1:${2 ** 30 + 1}: ${shown}\n`,
    });
    const maxRssKib = Number(/rss (\d+)/.exec(run.stderr)?.[1]);
    expect(maxRssKib).toBeLessThan(320 * 1024);
  });
});

describe('scan --report', () => {
  const other = generateKey('personal');
  const revoked = ok({ revoked: true, revokedAt: '2026-11-21T10:00:00.000Z' });
  const unknown = ok({ revoked: false, revokedAt: null });

  it('presents each key once, with its first place and without a credential, and says what came of it', async () => {
    user.save({ acme: { type: 'org-api-key', apiKey: 'cko_EXAMPLE', baseUrl: 'https://keys.example.com' } });
    write('a.txt', `\n${secret} ${secret}\n${other}`);
    const run = await user.run('scan a.txt --report --yes', { replies: [revoked, unknown] });
    expect(run.code).toBe(1);
    expect(run.sent).toEqual([
      {
        method: 'POST',
        url: 'https://keys.example.com/v1/keys/leaked',
        key: null,
        body: { key: secret, foundAt: 'a.txt:2' },
      },
      expect.objectContaining({ body: { key: other, foundAt: 'a.txt:3' } }),
    ]);
    expect(run.stdout).toContain(`${secret.slice(0, 12)}: revoked 2026-11-21T10:00:00.000Z\n`);
    expect(run.stdout).toContain(`${other.slice(0, 12)}: no key that works there\n`);
    expect(run.stdout + run.stderr).not.toContain(secret);
  });

  it('goes on after a refusal, and prints all of it as JSON', async () => {
    const input = `${other}\n${secret}`;
    const replies = [refused(429, 'IP_RATE_LIMITED'), revoked];
    const run = await user.run('scan - --report --yes --json', { input, replies });
    expect(run.sent.map(({ body }) => body)).toEqual([{ key: other }, { key: secret }]);
    expect(run.json()).toMatchObject({
      keys: 2,
      reported: [
        { keyPrefix: other.slice(0, 12), revoked: false, error: { code: 'IP_RATE_LIMITED' } },
        { keyPrefix: secret.slice(0, 12), revoked: true, error: null },
      ],
    });
  });

  it('stops where the server cannot be reached, and says so', async () => {
    const run = await user.run('scan - --report --yes', {
      input: `${other}\n${secret}`,
      replies: [noServer],
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('Cannot reach http://127.0.0.1:4700');
    expect(new Set(run.sent.map(({ body }) => body))).toEqual(new Set([{ key: other }]));
  });

  it('sends nothing before a person agrees, and nothing at all where nothing is found', async () => {
    write('a.txt', secret);
    write('b.txt', '');
    const unasked = await user.run('scan a.txt --report');
    expect(unasked).toMatchObject({ code: 2, stdout: '', sent: [] });
    const declined = await user.run('scan a.txt --report', { person: { agrees: false } });
    expect(declined).toMatchObject({ code: 1, sent: [] });
    expect(declined.questions[0]).toContain('Report 1 key to http://127.0.0.1:4700?');
    expect(await user.run('scan b.txt --report --yes')).toMatchObject({ code: 0, sent: [] });
    expect((await user.run('scan b.txt --report --yes --json')).json()).toMatchObject({ reported: [] });
  });
});

describe('scan --report against a server', () => {
  it('ends the keys that work there, whoever asks, and tells their owner where they were found', async () => {
    const server = await startServerForCommands();
    const { apiKey } = await server.app.signUp('ann@example.com', 'Acme');
    write('src/config.ts', `export const key = '${apiKey.raw}';\nexport const other = '${secret}';\n`);
    const works = async () => (await server.app.call('/v1/whoami', { key: apiKey.raw })).status === 200;

    expect(await server.run(user, 'scan src')).toMatchObject({ code: 1 });
    expect(await works()).toBe(true);
    const line = `scan src --report --yes --base-url ${server.baseUrl} --json`;
    expect((await server.run(user, line)).json()).toMatchObject({
      keys: 2,
      reported: [
        { keyPrefix: apiKey.keyPrefix, revoked: true, error: null },
        { keyPrefix: secret.slice(0, 12), revoked: false, error: null },
      ],
    });
    expect(await works()).toBe(false);
    const mails = server.app.deps.localMailbox?.messagesFor('ann@example.com') ?? [];
    expect(JSON.stringify(mails)).toContain('src/config.ts:1');
    expect((await server.run(user, line)).json()).toMatchObject({ reported: [{ revoked: false }, {}] });
    await server.app.close();
  });
});
