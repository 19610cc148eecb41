import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, type TestUser, testUser } from '../../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../../server-for-tests.ts';

const ann = 'ann@example.com';
const carol = 'carol@example.com';
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

/** Carol becomes a member of Acme with a role, and signs in with a home of her own. */
async function signedInCarol(role: string): Promise<TestUser> {
  await run(`member invite ${carol} --role ${role}`);
  server.app.clock.advance(hourMs);
  const other = testUser();
  await server.login(other, carol);
  return other;
}

describe('what the pages say is refused', () => {
  /** A command that is refused: its first line on stderr, word for word. */
  async function refusal(line: string, by = user): Promise<string | undefined> {
    const refused = await server.run(by, line);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    return refused.stderr.split('\n')[0];
  }

  it('is a sixth tenant-wide key', async () => {
    for (let count = 0; count < 5; count += 1) await run(`key create --name wide-${count} --env sandbox`);
    expect(await refusal('key create --name sixth --env sandbox')).toBe(
      'Tenant has 5 active tenant-wide keys. Revoke one before creating another.',
    );
  });

  it('is a key that rotates or revokes a key', async () => {
    const { fingerprint, apiKey } = await created();
    expect(await refusal(`key rotate ${fingerprint} --yes --api-key ${apiKey}`)).toBe(
      'A key cannot mint another key. Run latchkey login first.',
    );
    expect(await refusal(`key revoke ${fingerprint} --yes --api-key ${apiKey}`)).toBe(
      'Key revocation requires an OAuth session.',
    );
  });

  it('is a rotation of a key that is revoked, and of one that is being rotated', async () => {
    const revoked = await created('revoked');
    await run(`key revoke ${revoked.fingerprint} --yes`);
    expect(await refusal(`key rotate ${revoked.fingerprint} --yes`)).toBe(
      'Cannot rotate a revoked key. Create a new key instead.',
    );
    const rotating = await created('rotating');
    await run(`key rotate ${rotating.fingerprint} --yes`);
    expect(await refusal(`key rotate ${rotating.fingerprint} --yes`)).toBe('Key is already being rotated.');
  });

  it('is what a member does with the key of another, or with their own beyond what they may', async () => {
    const { fingerprint } = await created();
    const other = await signedInCarol('developer');
    expect(await refusal('key create --name x --scope admin', other)).toBe(
      'Cannot mint a key with greater scope than your own.',
    );
    expect(await refusal(`key rotate ${fingerprint} --yes`, other)).toBe(
      "Only a tenant admin or the key's creator can rotate it.",
    );
    expect(await refusal(`key revoke ${fingerprint} --yes`, other)).toBe(
      "Only a tenant admin or the key's creator can revoke it.",
    );
    await server.run(other, `key create --name own --workspace ${slug}`);
    await run(`member set-role ${carol} --role runner`);
    expect(await refusal('key rotate own --yes', other)).toBe(
      'Cannot mint a key with greater scope than your own.',
    );
    await run(`member remove ${carol} --yes`);
    expect((await run('key list')).stdout).toContain(`${carol} (has left)`);
    other.remove();
  });

  it.each([
    'key create --name x',
    'key list',
    'key rotate x --yes',
    'key revoke x --yes',
    'workspace create --name X --slug x',
    'workspace list',
    'workspace delete x --yes',
    'workspace set-level x --workspace x --level none',
    'member list',
    'member invite x@example.com',
    'member set-role x --role admin',
    'member remove x --yes',
    'use --env prod',
  ])('is %s of somebody who is not signed in', async (line) => {
    await run('logout');
    server.requests.length = 0;
    expect(await refusal(line)).toBe('Run latchkey login first.');
    expect(server.requests).toEqual([]);
  });
});
