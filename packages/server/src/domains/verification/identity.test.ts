import type { KeyFacts } from '@latchkey/protocol';
import { createTestClock, type TestClock } from '@latchkey/testkit';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { publicJwk } from '../../platform/jwt.ts';
import { deriveSecrets } from '../../platform/secrets.ts';
import { createIdentities } from './identity.ts';

const issuer = 'https://keys.example';
const audience = 'https://reports.example';
const secrets = deriveSecrets(Buffer.alloc(32, 7));
const keySet = createLocalJWKSet({ keys: [{ ...publicJwk(secrets.principalKey) }] });

const facts: KeyFacts = {
  keyId: '019d312f-0000-7000-8000-000000000000',
  name: 'Größe "1"\r\nX-Evil: yes',
  family: 'environment',
  organizationId: 'org-1',
  organizationName: 'Acme',
  userId: 'user-1',
  processInstanceId: null,
  scopes: ['projects:read', 'instances:read'],
  environment: 'prod',
  workspace: 'payments',
  resources: null,
  expiresAt: null,
  revokedAt: null,
  disabledAt: null,
  isBoundToAddresses: false,
  counting: null,
};

let clock: TestClock;
let identify: ReturnType<typeof createIdentities>;
beforeEach(() => {
  clock = createTestClock();
  identify = createIdentities({ clock, secrets, publicUrl: () => issuer });
});

function check(token: string, changed: object = {}) {
  const options = { issuer, audience, typ: 'latchkey-identity+jwt', algorithms: ['EdDSA'] };
  return jwtVerify(token, keySet, { ...options, currentDate: new Date(clock.now()), ...changed });
}

describe('an identity', () => {
  it('says whose key it is and what it may, to one audience', async () => {
    const { payload } = await check(identify(facts, audience));
    const issuedAt = clock.now() / 1000;
    expect(payload).toEqual({
      iss: issuer,
      aud: audience,
      iat: issuedAt,
      exp: issuedAt + 60,
      sub: `key:${facts.keyId}`,
      key_id: facts.keyId,
      key_name: facts.name,
      family: 'environment',
      organization_id: 'org-1',
      user_id: 'user-1',
      instance_id: null,
      scopes: ['projects:read', 'instances:read'],
      environment: 'prod',
      workspace: 'payments',
    });
    await expect(check(identify(facts, audience), { audience: 'https://other.example' })).rejects.toThrow(
      /aud/,
    );
  });

  it('is a header value whatever the key is called', () => {
    expect(identify(facts, audience)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('cannot be taken for another token of the server, nor another for it', async () => {
    await expect(check(identify(facts, audience), { typ: 'JWT' })).rejects.toThrow(/typ/);
  });

  it('is signed once for half a minute, so that whoever gets it has the other half', async () => {
    const first = identify(facts, audience);
    clock.advance(29_999);
    expect(identify(facts, audience)).toBe(first);
    clock.advance(1);
    const second = identify(facts, audience);
    expect(second).not.toBe(first);
    clock.advance(29_000);
    await check(first, { currentDate: new Date(clock.now()) });
  });

  it('is signed anew when the clock was set back: nobody accepts one of tomorrow', async () => {
    const first = identify(facts, audience);
    clock.advance(-60_000);
    const second = identify(facts, audience);
    expect(second).not.toBe(first);
    await check(second);
  });

  it.each(['expiresAt', 'revokedAt'])('ends with its key, by %s', (name) => {
    const endsAt = clock.now() + 10_500;
    const short = { ...facts, [name]: endsAt };
    const first = identify(short, audience);
    expect(decodeJwt(first).exp).toBe(Math.ceil(endsAt / 1000));
    clock.advance(5_500);
    expect(identify(short, audience)).not.toBe(first);
  });

  it('is never that of what was known before', () => {
    const before = identify(facts, audience);
    const narrowed = identify({ ...facts, scopes: ['projects:read'] }, audience);
    expect(decodeJwt(before).scopes).toEqual(['projects:read', 'instances:read']);
    expect(decodeJwt(narrowed).scopes).toEqual(['projects:read']);
  });

  it('is another for each audience, and right for any number of them', () => {
    const tokens = Array.from({ length: 100 }, (_, index) => identify(facts, `host-${index}.example`));
    expect(tokens.map((token) => decodeJwt(token).aud)).toEqual(
      Array.from({ length: 100 }, (_, index) => `host-${index}.example`),
    );
  });
});
