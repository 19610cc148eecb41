import { expect, it } from 'vitest';
import { checkVersions } from './version-faults.ts';

const stated = { path: 'packages/server/src/version.ts', text: "export const version = '1.2.3';\n" };

function manifest(path: string, version: string) {
  return { path, text: JSON.stringify({ version }) };
}

it('names each manifest with another version than the server states', () => {
  const manifests = [manifest('package.json', '1.2.3'), manifest('packages/cli/package.json', '1.2.2')];
  expect(checkVersions([stated], manifests)).toEqual([
    'packages/cli/package.json has version 1.2.2; packages/server/src/version.ts has 1.2.3',
  ]);
});

it('fails when there is nothing to compare', () => {
  expect(checkVersions([stated], [])).toEqual(['saw no package.json']);
  expect(checkVersions([], [manifest('package.json', '1.2.3')])).toEqual([
    'packages/server/src/version.ts states no version',
  ]);
});
