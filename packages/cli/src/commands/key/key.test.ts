import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, type TestUser, testUser } from '../../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../../server-for-tests.ts';

const ann = 'ann@example.com';
const hourMs = 60 * 60_000;

let server: TestServer;
let user: TestUser;
let workspaces = 0;
let slug: string;

beforeAll(async () => {
  server = await startServerForCommands();
  await server.signUp(ann);
});
afterAll(() => server.app.close());
beforeEach(async () => {
  user = testUser();
  server.app.clock.advance(hourMs);
  await server.login(user, ann);
  workspaces += 1;
  slug = `payments-${workspaces}`;
  await run(`workspace create --name Payments --slug ${slug}`);
  server.requests.length = 0;
});
afterEach(() => user.remove());

function run(line: string, options?: RunOptions): Promise<Run> {
  return server.run(user, line, options);
}

async function created(name = 'github-actions-deploy'): Promise<{ fingerprint: string; apiKey: string }> {
  const { data } = (await run(`key create --name ${name} --workspace ${slug} --json`)).json() as {
    data: { fingerprint: string; apiKey: string };
  };
  return data;
}

describe('key create', () => {
  it('prints line by line what the page shows', async () => {
    const made = await run(`key create --name github-actions-deploy --workspace ${slug} --scope developer`);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [created, fingerprint, ...rest] = made.stdout.split('\n');
    expect(created).toBe('Created key: github-actions-deploy');
    const [, head, tail] = /^Fingerprint: ([0-9a-f]{4})\.\.\.([0-9a-f]{4})$/.exec(fingerprint ?? '') ?? [];
    expect(rest).toEqual([
      `Workspace: ${slug}`,
      'Scope: developer',
      '',
      '⚠ Save this secret now. It will not be shown again.',
      expect.stringMatching(new RegExp(`^ck_dev_${head}_[0-9A-Za-z]{43}${tail}$`)),
      '',
    ]);
  });

  it.each([
    ['dev', 'ck_dev_'],
    ['sandbox', 'ck_sandbox_'],
    ['prod', 'ck_live_'],
  ])('makes a tenant-wide developer key unless told; in %s it begins with %s', async (env, prefix) => {
    const { stdout } = await run(`key create --name wide-${workspaces} --env ${env}`);
    expect(stdout).toContain('\nWorkspace: (tenant-wide)\nScope: developer\n');
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^${prefix}`));
    await run(`key revoke wide-${workspaces} --env ${env} --yes`);
  });

  it('does not restrict the key to the workspace of the context', async () => {
    await run(`use --workspace ${slug}`);
    expect((await run('key create --name not-restricted')).stdout).toContain('Workspace: (tenant-wide)');
    await run('key revoke not-restricted --yes');
  });

  it('prints JSON, with the secret that nothing shows again', async () => {
    const { apiKey } = await created();
    for (const line of ['key list', 'key list --all --json', 'use --json', 'status', 'config show']) {
      expect((await run(line)).stdout).not.toContain(apiKey);
    }
  });

  it.each([
    [
      'a scope that there is not',
      '--scope superuser',
      1,
      'Invalid scope. Valid values: admin, developer, runner, read-only',
    ],
    [
      'a scope in capitals',
      '--scope Admin',
      1,
      'Invalid scope. Valid values: admin, developer, runner, read-only',
    ],
    ['a workspace that there is not', '--workspace nowhere', 1, 'Workspace not found: nowhere'],
    ['no workspace slug', '--workspace -x', 2, 'Error: --workspace needs a value'],
    [
      'an environment that there is not',
      '--env staging',
      2,
      'Error: --env must be one of: dev, sandbox, prod',
    ],
  ])('refuses %s', async (_what, flags, code, message) => {
    const refused = await run(`key create --name x ${flags}`);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr.split('\n')[0]).toContain(message);
    if (code === 1) expect(refused.stderr.split('\n')[0]).toBe(message);
  });

  it('needs a name', async () => {
    expect(await run('key create')).toMatchObject({ code: 2, stdout: '' });
    const blank = await server.run(user, ['key', 'create', '--name', '  ']);
    expect(blank).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Name is required\.\n/) });
  });

  it('refuses a sixth active key in a workspace', async () => {
    for (let count = 0; count < 5; count += 1) await created(`key-${count}`);
    const sixth = await run(`key create --name sixth --workspace ${slug}`);
    expect(sixth).toMatchObject({ code: 1, stdout: '' });
    expect(sixth.stderr).toMatch(/^Workspace has 5 active keys\. Revoke one before creating another\.\n/);
  });

  it('refuses a key in place of a person, whichever way it is given', async () => {
    const { apiKey } = await created();
    const refusal = /^A key cannot mint another key\. Run latchkey login first\.\n/;
    const byFlag = await run(`key create --name x --api-key ${apiKey}`);
    expect(byFlag).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(refusal) });
    await run('logout');
    const byEnv = await run('key create --name x', { env: { LATCHKEY_API_KEY: apiKey } });
    expect(byEnv).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(refusal) });
  });

  it('uses the session even where a key is in the environment', async () => {
    const { apiKey } = await created();
    expect((await run('key list', { env: { LATCHKEY_API_KEY: apiKey } })).code).toBe(0);
  });

  it('says what to do when nobody is signed in, and sends nothing', async () => {
    await run('logout');
    server.requests.length = 0;
    const refused = await run('key create --name x');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: 'Run latchkey login first.\n' });
    expect((await run('key create --name x --json')).json()).toEqual({
      success: false,
      error: { code: 'NOT_AUTHENTICATED', message: 'Run latchkey login first.' },
    });
    expect(server.requests).toEqual([]);
  });
});

describe('key list', () => {
  it('shows when, from where and by what a key was used last', async () => {
    const { apiKey } = await created();
    expect((await run(`key list --workspace ${slug}`)).stdout).toMatch(/ {2}never {2}.*active$/m);
    const headers = { authorization: `Bearer ${apiKey}`, 'user-agent': 'deploy-bot/1.4' };
    await server.app.call('/v1/environments/dev/whoami', { headers, from: '203.0.113.7' });
    await server.app.deps.lastUsed.flush();
    expect((await run(`key list --workspace ${slug}`)).stdout).toMatch(
      / {2}2026-[\dT:-]+Z from 203\.0\.113\.7 by deploy-bot\/1\.4 {2}/,
    );
  });

  it('shows revoked keys with --all alone', async () => {
    const { fingerprint } = await created();
    await run(`key revoke ${fingerprint} --yes`);
    expect(await run(`key list --workspace ${slug}`)).toMatchObject({
      stdout: '',
      stderr: 'No active keys in dev.\n',
    });
    const all = await run(`key list --workspace ${slug} --all`);
    expect(all.stdout).toMatch(new RegExp(`${fingerprint} .*revoked 2026-`));
  });
});

describe('key update', () => {
  it('changes what is given, and says what the key is then', async () => {
    const { fingerprint } = await created();
    const changed = await run(`key update ${fingerprint} --name nightly --scope runner`);
    expect(changed).toMatchObject({ code: 0 });
    expect(changed.stderr).toMatch(/^Nobody goes by what it was any more: /);
    expect(changed.stdout.split('\n').slice(0, 3)).toEqual([
      'Updated key: nightly',
      `Fingerprint: ${fingerprint}`,
      'Scope: runner',
    ]);
    const described = await run('key update nightly --description Night --json');
    expect(described.json()).toMatchObject({
      data: { name: 'nightly', description: 'Night', level: 'runner', fingerprint },
    });
  });

  it('sends nothing where nothing is to be changed, or for a secret', async () => {
    const { fingerprint, apiKey } = await created();
    server.requests.length = 0;
    expect(await run(`key update ${fingerprint}`)).toMatchObject({ code: 2 });
    const secret = await run(`key update ${apiKey} --name n`);
    expect(secret.code).toBe(2);
    expect(secret.stderr).not.toContain(apiKey);
    expect(server.requests).toEqual([]);
  });
});

describe('key rotate', () => {
  it('prints line by line what the page shows, and says who used the old key last', async () => {
    const { fingerprint } = await created('deploy');
    const rotated = await run('key rotate deploy --yes');
    const [first, ...rest] = rotated.stdout.split('\n');
    const [, head, tail] =
      /^Created replacement: ck_dev_([0-9a-f]{4})_([0-9a-f]{4}) /.exec(first ?? '') ?? [];
    expect(first).toBe(`Created replacement: ck_dev_${head}_${tail} (same scope, env, workspace)`);
    expect(rest).toEqual([
      'Both keys are currently active.',
      `Old key (${fingerprint}) auto-revokes in 24 hours. Update your consumers, then verify.`,
      '',
      '⚠ Save this secret now. It will not be shown again.',
      expect.stringMatching(new RegExp(`^ck_dev_${head}_[0-9A-Za-z]{43}${tail}$`)),
      '',
    ]);
    expect(rotated.stderr).toBe('Old key last used: never\n');
    expect((await run('key list')).stdout).toMatch(/rotating, auto-revokes 2026-/);
    await run(`workspace delete ${slug} --yes`);
  });

  it('asks, and does nothing unless the answer is yes', async () => {
    const { fingerprint } = await created();
    const no = await run(`key rotate ${fingerprint}`, { person: { agrees: false } });
    expect(no).toMatchObject({ code: 1, stdout: '', stderr: 'Aborted.\n' });
    expect(no.questions).toEqual([`Rotate key "${fingerprint}"?`]);
    expect((await run(`key rotate ${fingerprint}`, { person: { agrees: true } })).code).toBe(0);
  });
});

describe('key revoke', () => {
  it('names the key that is meant, asks, and revokes it', async () => {
    const { fingerprint, apiKey } = await created('ci');
    const revoked = await run(`key revoke ${fingerprint}`, { person: { agrees: true } });
    expect(revoked.questions).toEqual([`Revoke key "ci" (${fingerprint})?`]);
    const stderr = expect.stringMatching(/^Nobody accepts it any more: .*\n$/);
    expect(revoked).toMatchObject({ code: 0, stdout: 'Key revoked.\n', stderr });
    const headers = { 'x-api-key': apiKey };
    const refused = await server.app.call('/v1/environments/dev/whoami', { headers });
    expect(refused.body).toMatchObject({ error: { code: 'KEY_REVOKED' } });
  });

  it('changes nothing unless the answer is yes', async () => {
    const { fingerprint } = await created();
    const aborted = await run(`key revoke ${fingerprint}`, { person: { agrees: false } });
    expect(aborted).toMatchObject({ code: 1, stdout: '', stderr: 'Aborted.\n' });
    expect((await run(`key list --workspace ${slug}`)).stdout).toContain(fingerprint);
  });

  it('does not ask again about a key that is revoked', async () => {
    const { fingerprint } = await created();
    await run(`key revoke ${fingerprint} --yes`);
    const again = await run(`key revoke ${fingerprint}`, { person: { agrees: false } });
    expect(again).toMatchObject({ code: 0, stdout: 'Key revoked.\n', questions: [] });
  });

  it('warns that the key it replaced ends all the same', async () => {
    const { fingerprint } = await created();
    const { data } = (await run(`key rotate ${fingerprint} --yes --json`)).json() as {
      data: { fingerprint: string };
    };
    const revoked = await run(`key revoke ${data.fingerprint} --yes`);
    expect(revoked.stdout).toBe('Key revoked.\n');
    expect(revoked.stderr).toContain(`⚠ The key that it replaced (${fingerprint}) still ends at 2026-`);
  });

  it('lists the candidates of a name that several keys have', async () => {
    const first = await created('same');
    const second = await created('same');
    const refused = await run('key revoke same --yes');
    expect(refused.stderr).toMatch(/^Key name is ambiguous\. Use a fingerprint\.\n/);
    for (const { fingerprint } of [first, second]) {
      expect(refused.stderr).toContain(`    ${fingerprint}  ${slug}  created `);
    }
  });

  it('says before anybody is asked that there is no such key', async () => {
    const refused = await run('key revoke nothing', { person: { agrees: true } });
    expect(refused).toMatchObject({ code: 1, stdout: '', questions: [] });
    expect(refused.stderr).toMatch(/^Key not found\.\n/);
  });
});

describe.each(['rotate', 'revoke'])('key %s', (verb) => {
  it('needs --yes where nobody can be asked, and sends nothing', async () => {
    const refused = await run(`key ${verb} ci`);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('Without a terminal to ask at, this needs --yes.');
    expect(server.requests).toEqual([]);
  });

  it('neither sends nor repeats a secret that is given by mistake', async () => {
    const { apiKey } = await created();
    server.requests.length = 0;
    for (const secret of [apiKey, apiKey.slice(0, 30)]) {
      const refused = await run(`key ${verb} ${secret} --yes`);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).not.toContain(secret);
    }
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['a key that is not there', 'nothing', 'Key not found.'],
    ['a key of another environment', 'elsewhere', 'Key not found.'],
  ])('refuses %s', async (_what, name, message) => {
    await run('key create --name elsewhere --env prod');
    const refused = await run(`key ${verb} ${name} --yes`);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr.split('\n')[0]).toBe(message);
    await run('key revoke elsewhere --env prod --yes');
  });
});
