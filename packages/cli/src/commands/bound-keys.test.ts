import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Run, type RunOptions, type TestUser, testUser } from '../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../server-for-tests.ts';
import { receiptText } from './receipt-text.ts';
import { restrictionsOf } from './restrictions.ts';

describe('what a key is bound to, on a command line', () => {
  const none = { limit: [] };
  it('is nothing unless told, and null where it is taken away', () => {
    expect(restrictionsOf(none)).toEqual({});
    const off = { 'allowed-addresses': 'off', resources: 'off', limit: ['off'], budget: 'off' };
    expect(restrictionsOf(off)).toEqual({
      allowedAddresses: null,
      resources: null,
      limits: null,
      budget: null,
    });
  });

  it('is read as people write it', () => {
    const given = {
      'allowed-addresses': '10.0.0.0/8, 2001:db8::1',
      resources: 'orders/*,invoices',
      limit: ['100/60', '5000/86400/fast'],
      budget: '10000/fast',
    };
    expect(restrictionsOf(given)).toEqual({
      allowedAddresses: ['10.0.0.0/8', '2001:db8::1'],
      resources: ['orders/*', 'invoices'],
      limits: [
        { requests: 100, windowSeconds: 60, counting: 'exact' },
        { requests: 5000, windowSeconds: 86_400, counting: 'fast' },
      ],
      budget: { total: 10_000, counting: 'fast' },
    });
  });

  it.each([
    { limit: ['100'] },
    { limit: ['100/60/slow'] },
    { limit: ['off', '1/1'] },
    { limit: [], budget: 'many' },
    { limit: [], budget: '-1' },
  ])('is refused before anything is sent: %j', (given) => {
    expect(() => restrictionsOf(given)).toThrow(/^--(limit|budget) /);
  });
});

describe('a receipt in words', () => {
  const committedAt = '2026-03-31T14:00:00.000Z';
  const at = '2026-03-31T14:00:00.012Z';
  const receipt = { sequence: 1, committedAt, completedAt: at, signed: 'eyJ' };
  const holder = (outcome: 'confirmed' | 'lease-ended') => ({
    holder: 'v',
    kind: 'verifier' as const,
    outcome,
    at,
  });

  it.each([
    [[], 'Nobody accepts it any more: no server or verifier had it in memory.'],
    [[holder('confirmed')], 'Nobody accepts it any more: 1 holder confirmed, the last after 12 ms.'],
    [
      [holder('confirmed'), holder('confirmed'), holder('lease-ended')],
      'Nobody accepts it any more: 2 holders confirmed, 1 lease ran out, the last after 12 ms.',
    ],
    [[holder('lease-ended')], 'Nobody accepts it any more: 1 lease ran out, the last after 12 ms.'],
  ])('%j', (holders, text) => {
    expect(receiptText({ ...receipt, holders })).toBe(text);
  });
});

describe('keys on a terminal', () => {
  const ann = 'ann@example.com';
  let server: TestServer;
  let user: TestUser;
  let key: { readonly raw: string; readonly keyId: string };
  let organizationId: string;
  beforeAll(async () => {
    server = await startServerForCommands();
    const signup = await server.app.signUp(ann, 'Acme');
    key = signup.apiKey;
    organizationId = signup.organizationId;
  });
  afterAll(() => server.app.close());
  beforeEach(() => {
    user = testUser();
  });

  const run = (line: string, options: RunOptions = {}): Promise<Run> =>
    server.run(user, `${line} --base-url ${server.baseUrl}`, {
      ...options,
      env: { LATCHKEY_API_KEY: key.raw, ...options.env },
    });
  async function created(flags = ''): Promise<{ keyId: string; apiKey: string }> {
    const made = await run(
      `organization create-key --organization-id ${organizationId} --name Worker --scopes skills:read ${flags} --json`,
    );
    expect(made.code, made.stderr).toBe(0);
    return (made.json() as { data: { keyId: string; apiKey: string } }).data;
  }
  async function listed(keyId: string) {
    const { keys } = (
      (await run('organization list-keys --all --json')).json() as { data: { keys: { keyId: string }[] } }
    ).data;
    return keys.find((each) => each.keyId === keyId);
  }

  it('are bound when they are made and changed', async () => {
    const { keyId } = await created(
      '--allowed-addresses 10.0.0.0/8 --resources orders/* --limit 5/60 --budget 9/fast',
    );
    expect(await listed(keyId)).toMatchObject({
      allowedAddresses: ['10.0.0.0/8'],
      resources: ['orders/*'],
      limits: [{ requests: 5, windowSeconds: 60, counting: 'exact' }],
      budget: { total: 9, counting: 'fast' },
    });
    expect(
      (await run(`organization update-key --key-id ${keyId} --allowed-addresses off --limit off`)).code,
    ).toBe(0);
    expect(await listed(keyId)).toMatchObject({
      allowedAddresses: null,
      limits: null,
      resources: ['orders/*'],
    });
  });

  it('are disabled and enabled, and shown so', async () => {
    const { keyId, apiKey } = await created();
    const disabled = await run(`organization disable-key --key-id ${keyId} --yes`);
    expect(disabled).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Nobody accepts it any more'),
    });
    expect(disabled.stdout).toContain('✓ API key disabled');
    expect((await run('organization list-keys')).stdout).toContain('disabled');
    expect((await server.app.call('/v1/whoami', { key: apiKey })).body.error.code).toBe('KEY_DISABLED');
    const enabled = await run(`organization enable-key --key-id ${keyId} --json`);
    expect(enabled.json()).toMatchObject({ success: true, data: { keyId, state: 'active' } });
  });

  it('that a profile holds are disabled only after a person agrees', async () => {
    const { keyId } = await created();
    const asked = await run(`organization disable-key --key-id ${keyId}`, { person: { agrees: false } });
    expect(asked.code).not.toBe(0);
    expect(await listed(keyId)).toMatchObject({ state: 'active' });
  });

  it('end by themselves, once that is agreed to', async () => {
    const { keyId, apiKey } = await created();
    const env = { LATCHKEY_API_KEY: apiKey };
    expect((await run('key revoke-own', { env })).code).toBe(2);
    const ended = await run('key revoke-own --yes', { env });
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^Key ${keyId} revoked 2026-`)),
    });
    expect(ended.stderr).toContain('Nobody accepts it any more');
    expect((await server.app.call('/v1/whoami', { key: apiKey })).body.error.code).toBe('KEY_REVOKED');
  });

  it('are never verified from the command line itself', async () => {
    expect((await run('organization verify-key')).code).toBe(2);
  });
});
