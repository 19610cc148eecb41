import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, type TestUser, testUser } from '../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../server-for-tests.ts';

const ann = 'ann@example.com';
const carol = 'carol@example.com';
const hourMs = 60 * 60_000;

let server: TestServer;
let user: TestUser;
let beta: string;

beforeAll(async () => {
  server = await startServerForCommands();
  await server.signUp(ann);
  const owner = testUser();
  await server.login(owner, ann);
  const made = await server.run(owner, ['organization', 'create', '--name', 'Beta Corp', '--json']);
  beta = (made.json() as { data: { organizationId: string } }).data.organizationId;
  for (const slug of ['payments', 'billing']) {
    await server.run(owner, `workspace create --name X --slug ${slug} --organization Acme`);
  }
  owner.remove();
});
afterAll(() => server.app.close());
beforeEach(() => {
  user = testUser();
  server.app.clock.advance(hourMs);
});
afterEach(() => user.remove());

function run(line: string | string[], options?: RunOptions): Promise<Run> {
  return server.run(user, line, options);
}

function login(args: string[], options: RunOptions = {}): Promise<Run> {
  const browser = async (url: string) => fetch(await server.decide(url, ann, 'allow'));
  return run(['login', '--browser', ...args], { browser, ...options });
}

describe('login with several organizations', () => {
  it('lets the person choose by number, and asks again for what is no choice', async () => {
    const signedIn = await login([], { person: { answers: ['', '3', 'beta', '2'] } });
    expect(signedIn.stderr).toContain(
      'You belong to multiple tenants. Please select one:\n[1] Acme\n[2] Beta Corp\n',
    );
    expect(signedIn.questions).toHaveLength(4);
    expect(signedIn).toMatchObject({ code: 0, stdout: `✓ Logged in as ${ann} (beta-corp)\n` });
    expect(user.saved()).toMatchObject({ activeProfile: 'beta-corp' });
    expect(Object.keys(user.saved().profiles)).toEqual(['acme', 'beta-corp']);
  });

  it('keeps the tokens and makes nothing active at the end of input', async () => {
    const refused = await login([], { person: { answers: ['7'] } });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(user.saved()).toMatchObject({ activeProfile: null });
    expect(user.saved().sessions).toHaveProperty([server.baseUrl]);
    expect((await run('use --organization Acme')).code).toBe(0);
    expect((await run('whoami --json')).json()).toMatchObject({ organizationName: 'Acme' });
  });

  it('lists them where nobody can be asked', async () => {
    const refused = await login([]);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain(`    ${beta}  Beta Corp\n`);
  });

  it.each(['Beta Corp', 'beta corp', 'beta-corp', 'id'])('takes --organization %s', async (wanted) => {
    const signedIn = await login(['--organization', wanted === 'id' ? beta : wanted]);
    expect(signedIn).toMatchObject({ code: 0, stdout: `✓ Logged in as ${ann} (beta-corp)\n` });
  });

  it('refuses an --organization that is not theirs, and keeps the tokens', async () => {
    const refused = await login(['--organization', 'Gamma']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('You do not belong to an organization Gamma.');
    expect(user.saved().sessions).toHaveProperty([server.baseUrl]);
  });

  it('saves the profile under a name that is wished', async () => {
    await login(['--organization', 'Acme', '--name', 'work']);
    expect(user.saved()).toMatchObject({ activeProfile: 'work' });
    expect(Object.keys(user.saved().profiles).sort()).toEqual(['beta-corp', 'work']);
    expect((await run('whoami --json')).json()).toMatchObject({ profileName: 'work' });
  });
});

describe('use', () => {
  beforeEach(() => login(['--organization', 'Acme']));

  it('switches organization, environment and workspace, and commands act there', async () => {
    const used = await run('use --env dev --workspace payments');
    expect(used.stdout).toMatch(/^\n✓ Switched to "acme"\n\n {2}User: {9}ann@example.com\n/);
    expect(used.stdout).toContain('Workspace:    payments');
    expect((await run('use --organization beta-corp --env prod')).code).toBe(0);
    expect((await run('whoami --json')).json()).toMatchObject({
      organizationName: 'Beta Corp',
      environment: 'prod',
    });
    await run('use acme');
    expect((await run('whoami --json')).json()).toMatchObject({ environment: 'dev', workspace: 'payments' });
  });

  it('leaves the workspace with the environment that it belongs to', async () => {
    await run('use --workspace payments');
    await run('use --env sandbox');
    expect(user.saved().profiles.acme).not.toHaveProperty('workspace');
    await run('use --env dev --workspace billing');
    await run('use --no-workspace');
    expect(user.saved().profiles.acme).not.toHaveProperty('workspace');
  });

  it('changes nothing for a workspace, an organization or a profile that there is not', async () => {
    const before = user.saved();
    const workspace = await run('use --workspace nowhere');
    expect(workspace).toMatchObject({ code: 1, stdout: '' });
    expect(workspace.stderr).toMatch(/^Workspace not found: nowhere\n/);
    expect(await run('use --organization Gamma')).toMatchObject({ code: 1, stdout: '' });
    expect(await run('use nobody')).toMatchObject({ code: 2, stdout: '' });
    expect(user.saved()).toEqual(before);
  });

  it.each(['switch acme', 'config use-context acme'])('is also called %s', async (line) => {
    await run('use beta-corp');
    expect((await run(line)).code).toBe(0);
    expect(user.saved()).toMatchObject({ activeProfile: 'acme' });
  });

  it('is overridden once by flags, which are never saved', async () => {
    const before = user.saved();
    expect((await run('workspace list')).stdout).toMatch(/payments[\s\S]*admin|billing/);
    const other = await run('workspace list --organization beta-corp --env prod');
    expect(other).toMatchObject({ code: 0, stderr: 'No workspaces in prod.\n' });
    expect(user.saved()).toEqual(before);
  });
});

describe('workspace', () => {
  beforeEach(() => login(['--organization', 'Acme']));

  it('create prints what the page shows, and refuses as it does', async () => {
    const made = await run('workspace create --name Orders --slug orders --env sandbox');
    expect(made.stdout).toMatch(/^Created workspace: orders \(wsp_[0-9A-Za-z]{20}\)\n$/);
    const again = await run('workspace create --name Orders --slug orders --env sandbox');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^Slug 'orders' is already taken in this org\.\n/);
    const invalid = await run('workspace create --name Orders --slug Orders!');
    expect(invalid.stderr).toMatch(/^Invalid slug format\. Must match \^\[a-z0-9\]/);
  });

  it('delete asks, and says how many keys ended', async () => {
    await run('workspace create --name Gone --slug gone');
    await run('key create --name ci --workspace gone');
    expect(await run('workspace delete gone')).toMatchObject({ code: 2, stdout: '' });
    const no = await run('workspace delete gone', { person: { agrees: false } });
    expect(no).toMatchObject({ code: 1, stderr: 'Aborted.\n' });
    const yes = await run('workspace delete gone', { person: { agrees: true } });
    expect(yes.stdout).toBe('Deleted workspace: gone (keys revoked: 1)\n');
  });

  it('set-level grants a member a level, by their address', async () => {
    await run(`member invite ${carol} --role read-only`);
    server.app.clock.advance(hourMs);
    const other = testUser();
    await server.login(other, carol);
    const granted = await run(`workspace set-level ${carol} --workspace payments --level developer`);
    expect(granted.stdout).toBe(`${carol} is now developer in payments\n`);
    const list = await server.run(other, 'workspace list --json');
    expect(list.json()).toMatchObject({
      data: {
        workspaces: [
          { slug: 'billing', level: 'read-only' },
          { slug: 'payments', level: 'developer' },
        ],
      },
    });
    const taken = await run(`workspace set-level ${carol} --workspace payments --level none`);
    expect(taken.stdout).toBe(`${carol} is now read-only in payments\n`);
    await run(`member remove ${carol} --yes`);
    other.remove();
  });
});

describe('organization', () => {
  // The smallest picture: one pixel.
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  beforeEach(() => login(['--organization', 'Beta Corp']));

  it('shows and changes the one of the context, and leaves what is not given', async () => {
    expect((await run('organization get')).stdout).toMatch(/Name: +Beta Corp\n/);
    writeFileSync(join(user.home, 'logo.png'), Buffer.from(png, 'base64'));
    const args = [
      'organization',
      'update',
      '--description',
      'Of letters',
      '--size',
      '2-10',
      '--logo',
      'logo.png',
    ];
    const updated = await run(args);
    expect(updated).toMatchObject({ code: 0, stderr: '' });
    expect(updated.stdout).toMatch(/Name: +Beta Corp\n +Description: +Of letters\n +People: +2-10\n/);
    const bare = await run('organization update --size off --logo off --json');
    const now = { name: 'Beta Corp', description: 'Of letters', size: null, logo: null };
    expect(bare.json()).toMatchObject({ success: true, data: now });
    expect((await run('organization get --json')).json()).toMatchObject({ success: true, data: now });
  });

  it('is that of a key alone, which may look and change nothing', async () => {
    const { apiKey } = await server.signUp('eve@example.com');
    await run('logout');
    const env = { LATCHKEY_API_KEY: apiKey.raw };
    expect((await run('organization get', { env })).stdout).toMatch(/Name: +Acme\n/);
    const refused = await run('organization update --name Mine', { env });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('This needs the session of a signed-in person');
  });

  it('says what could be changed when nothing is given, and what is no size', async () => {
    const nothing = await run('organization update');
    expect(nothing).toMatchObject({ code: 2, stdout: '' });
    expect(nothing.stderr).toContain('Nothing to change. Give --name, --description, --size or --logo.');
    expect(await run('organization update --size many')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('member', () => {
  beforeEach(() => login(['--organization', 'Acme']));

  it('invites, lists, promotes and removes', async () => {
    expect((await run('member invite dave@example.com --role runner')).stdout).toBe(
      'Invited dave@example.com as runner\n',
    );
    expect((await run('member list')).stdout).toMatch(/dave@example\.com +runner +[\d/]+ +invited by ann@/);
    expect((await run('member remove dave@example.com --yes')).stdout).toMatch(
      /^Removed dave@example\.com\./,
    );
    const gone = await run('member remove dave@example.com --yes');
    expect(gone).toMatchObject({ code: 1, stdout: '' });
    const alone = await run(`member set-role ${ann} --role developer`);
    expect(alone).toMatchObject({ code: 1, stdout: '' });
    expect(alone.stderr).toMatch(/^This is the only owner of the organization\.\n/);
    expect(await run('member set-role x --role king')).toMatchObject({ code: 2, stdout: '' });
  });
});
