import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '@latchkey/keys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestUser, testUser } from '../../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../../server-for-tests.ts';

const line = 'key report-leaked';
let server: TestServer;
let user: TestUser;
beforeAll(async () => {
  server = await startServerForCommands();
  user = testUser();
});
afterAll(async () => {
  user.remove();
  await server.app.close();
});

describe('key report-leaked', () => {
  it('ends a key that somebody types, and tells its owner where it was', async () => {
    const { apiKey } = await server.app.signUp('ann@example.com', 'Acme');
    const run = await server.run(user, `${line} --found-at the-forum --base-url ${server.baseUrl}`, {
      person: { secret: `${apiKey.raw}\n` },
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(
      new RegExp(`^Key ${apiKey.keyPrefix} revoked 2026-\\S+Z\\. Its owner is told\\.\n$`),
    );
    expect((await server.app.call('/v1/whoami', { key: apiKey.raw })).status).toBe(401);
    const mails = server.app.deps.localMailbox?.messagesFor('ann@example.com');
    expect(JSON.stringify(mails)).toContain('the-forum');
  });

  it('reads the key from a file or from standard input, and says when it does not work', async () => {
    const key = generateKey('instance');
    writeFileSync(join(user.home, 'key.txt'), `${key}\n`);
    const run = await server.run(user, `${line} --key-file key.txt --base-url ${server.baseUrl}`);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain(`does not work at ${server.baseUrl}`);
    const json = await server.run(user, `${line} --key-file - --json`, { input: key });
    expect(json.json()).toMatchObject({ success: true, data: { revoked: false, revokedAt: null } });
  });

  it('sends nothing that is no whole key, and repeats none', async () => {
    const damaged = generateKey('admin').slice(0, -1);
    const run = await user.run(`${line} --key-file -`, { input: damaged });
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).not.toContain(damaged);
    expect(await user.run(line)).toMatchObject({ code: 2, sent: [] });
  });
});
