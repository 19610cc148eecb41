import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Config, emptyConfig, type KeyProfile, withActiveProfile, withoutProfile } from './profile.ts';
import { createdKeyName, freeName, isProfileName, loginName, slug } from './profile-name.ts';

const none = emptyConfig;

function orgKey(apiKey: string, more: Partial<KeyProfile> = {}): KeyProfile {
  return { apiKey, type: 'org-api-key', baseUrl: 'http://a', ...more };
}

function holding(profiles: Record<string, KeyProfile>): Config {
  const [activeProfile = null] = Object.keys(profiles);
  return { ...emptyConfig, activeProfile, profiles: new Map(Object.entries(profiles)) };
}

describe('slug', () => {
  it.each([
    ['My Organization', 'my-organization'],
    ['CI Deploy Key', 'ci-deploy-key'],
    ['  --A__b!! ', 'a-b'],
    ['日本', 'default'],
    ['', 'default'],
  ])('makes %j into %j', (text, expected) => {
    expect(slug(text)).toBe(expected);
  });

  it('always makes a name that a person could type', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 90 }), (text) => isProfileName(slug(text))));
  });
});

describe('the name of a profile', () => {
  it('after create-key comes from the name of the key', () => {
    const profile = orgKey('k1', { keyName: 'CI Deploy Key', organizationName: 'Acme' });
    expect(createdKeyName(none, profile)).toBe('org-api-key-ci-deploy-key');
  });

  it('gets -2, -3 while another key has it', () => {
    const config = holding({ 'org-api-key-ci': orgKey('k1'), 'org-api-key-ci-2': orgKey('k2') });
    expect(createdKeyName(config, orgKey('k3', { keyName: 'CI' }))).toBe('org-api-key-ci-3');
    expect(createdKeyName(config, orgKey('k2', { keyName: 'CI' }))).toBe('org-api-key-ci-2');
  });

  it('is never one that a different key has', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'a-2', 'a-3', 'a-4', 'b'));
    fc.assert(
      fc.property(names, (taken) => {
        const config = holding(Object.fromEntries(taken.map((name) => [name, orgKey(name)])));
        expect(taken).not.toContain(freeName(config, 'a', orgKey('new')));
      }),
    );
  });

  it('after a log-in comes from the organization', () => {
    const profile = orgKey('k1', { organizationId: 'o1', organizationName: 'My Organization', keyName: 'x' });
    expect(loginName(none, profile)).toBe('my-organization');
  });

  it('after a log-in into the same organization of the same server stays what it was', () => {
    const config = holding({ work: orgKey('k1', { organizationId: 'o1' }) });
    const renewed = orgKey('k2', { organizationId: 'o1', organizationName: 'Acme' });
    expect(loginName(config, renewed)).toBe('work');
    expect(loginName(config, { ...renewed, baseUrl: 'http://b' })).toBe('acme');
  });

  it('after a log-in never takes that of a key which create-key made', () => {
    const config = holding({ 'org-api-key-ci': orgKey('k1', { organizationId: 'o1' }) });
    expect(loginName(config, orgKey('k2', { organizationId: 'o1', organizationName: 'Acme' }))).toBe('acme');
  });

  it('after saving the same key again stays what it was', () => {
    const config = holding({ mine: orgKey('k1') });
    expect(loginName(config, orgKey('k1', { organizationName: 'Acme' }))).toBe('mine');
  });

  it('of a personal key comes from the name of the key, then its prefix, then is default', () => {
    const personal = { apiKey: 'ckp_x', type: 'personal-api-key' } as const;
    expect(loginName(none, { ...personal, keyName: 'My Laptop', keyPrefix: 'ckp_aB12' })).toBe('my-laptop');
    expect(loginName(none, { ...personal, keyPrefix: 'ckp_aB12' })).toBe('ckp_aB12');
    expect(loginName(none, personal)).toBe('default');
  });

  it.each([
    '',
    '-x',
    '.x',
    'a b',
    'a/b',
    'a\n',
    '__proto__',
    'a'.repeat(101),
    'é',
  ])('may not be %j when a person gives it', (name) => {
    expect(isProfileName(name)).toBe(false);
  });
});

describe('removing a profile', () => {
  it('makes the first that is left active when the active one goes', () => {
    const config = holding({ a: orgKey('1'), b: orgKey('2'), c: orgKey('3') });
    expect(withoutProfile(config, 'a').activeProfile).toBe('b');
    expect(withoutProfile(config, 'b').activeProfile).toBe('a');
    expect(withoutProfile(withActiveProfile(none, 'a', orgKey('1')), 'a').activeProfile).toBeNull();
  });
});
