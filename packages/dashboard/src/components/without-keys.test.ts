import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import { expect, it } from 'vitest';
import { withoutKeys } from './without-keys.ts';

const families = ['organization', 'personal', 'admin', 'instance'] as const;
const environments = ['dev', 'sandbox', 'prod'] as const;
const plain = families.map((family) => generateKey(family)).map((key) => [key, key.slice(0, 12)] as const);
const ofEnvironments = environments
  .map((environment) => generateEnvironmentKey(environment))
  .map(({ secret, fingerprint }) => [secret, fingerprint.slice(0, 7)] as const);

it.each([...plain, ...ofEnvironments])('of a key only what lists show is looked for (%#)', (key, shown) => {
  const texts = { text: key, padded: ` ${key} `, cut: key.slice(0, -3), twice: `${key},${key}` };
  const wanted = { text: shown, padded: ` ${shown} `, cut: shown, twice: `${shown},${shown}` };
  expect(withoutKeys(texts)).toEqual(wanted);
});

it.each([
  '',
  'Nightly export',
  'check_constraint_failed',
  'cko_AP8XT2jv',
  'ann@example.com',
])('"%s" is no key', (text) => {
  expect(withoutKeys({ text })).toEqual({ text });
});
