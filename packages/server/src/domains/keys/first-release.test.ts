import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeyFamily, parseKey } from '@latchkey/keys';
import { startTestApp, type TestApp, temporaryFolder } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const fixture = join(import.meta.dirname, 'first-release-for-tests');

interface FirstRelease {
  readonly masterKeyText: string;
  readonly organizationId: string;
  /** In pieces, so that nothing takes them for keys of anybody. */
  readonly keys: Readonly<Record<KeyFamily, readonly string[]>>;
}

const release: FirstRelease = JSON.parse(readFileSync(join(fixture, 'keys.json'), 'utf8'));

function keyOf(family: KeyFamily): string {
  return release.keys[family].join('');
}

describe('keys that the first release minted', () => {
  let app: TestApp;
  let api: string;

  beforeAll(async () => {
    const dataDir = temporaryFolder('first-release');
    copyFileSync(join(fixture, 'latchkey.db'), join(dataDir, 'latchkey.db'));
    const masterKey = Buffer.alloc(32, release.masterKeyText).toString('hex');
    const env = { LATCHKEY_MASTER_KEY: masterKey };
    app = await startTestApp({ engine: 'sqlite', dataDir, databaseUrl: undefined }, { env });
    const body = { name: 'API', scopes: ['keys:verify'] };
    const path = `/v1/organizations/${release.organizationId}/keys`;
    api = (await app.call(path, { body, key: keyOf('organization') })).body.data.apiKey;
  });
  afterAll(() => app.close());

  it.each(['organization', 'personal', 'admin'] as const)('let their holder in: %s', async (family) => {
    const answer = await app.call('/v1/whoami', { key: keyOf(family) });
    expect(answer.status).toBe(200);
    expect(answer.body.data.keyName).toBe(`first ${family}`);
  });

  it('let their holder in: environment', async () => {
    const headers = { 'x-api-key': keyOf('environment') };
    const answer = await app.call('/v1/environments/sandbox/whoami', { headers });
    expect(answer.status).toBe(200);
    expect(answer.body.data.level).toBe('runner');
  });

  it('open the door of their instance', async () => {
    const verified = await app.call('/v1/keys/verify', { key: api, body: { key: keyOf('instance') } });
    const { processInstanceId } = verified.body.data.principal;
    const path = `/webhook/${processInstanceId}/main`;
    const answer = await app.call(path, { body: {}, headers: { 'x-api-key': keyOf('instance') } });
    expect(answer.body).toMatchObject({ success: true });
  });

  it.each([
    ['organization', { scopes: ['workflows:trigger', 'api-keys:manage'], environment: null }],
    ['personal', { scopes: ['projects:read'], environment: null }],
    ['instance', { scopes: [], environment: 'dev' }],
    ['environment', { environment: 'sandbox', workspace: null }],
  ] as const)('are verified for others: %s', async (family, facts) => {
    const answer = await app.call('/v1/keys/verify', { key: api, body: { key: keyOf(family) } });
    expect(answer.body.data).toMatchObject({ valid: true, principal: { type: family }, ...facts });
  });

  it('are of the form that they had', () => {
    for (const family of Object.keys(release.keys) as KeyFamily[]) {
      expect(parseKey(keyOf(family))).toMatchObject({ ok: true, family });
    }
  });
});
