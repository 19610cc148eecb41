import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCaddy, findNginx } from './programs.ts';
import { temporaryFolder } from './temporary-folder.ts';

function folderWith(program: string, mode = 0o755): string {
  const folder = temporaryFolder('programs');
  writeFileSync(join(folder, program), '', { mode });
  return folder;
}

describe.each([
  { name: 'nginx', variable: 'LATCHKEY_TEST_NGINX', find: findNginx },
  { name: 'caddy', variable: 'LATCHKEY_TEST_CADDY', find: findCaddy },
])('the proxy $name', ({ name, variable, find }) => {
  it('is the one that is named, before any other', () => {
    const named = join(folderWith('mine'), 'mine');
    expect(find({ [variable]: named, PATH: folderWith(name) })).toBe(named);
  });

  it('is not looked for elsewhere when the named one is not there', () => {
    expect(find({ [variable]: '/nowhere', PATH: folderWith(name) })).toBeUndefined();
  });

  it('is found on PATH, past a file of its name that cannot be run', () => {
    const folder = folderWith(name);
    expect(find({ PATH: `${folderWith(name, 0o644)}::${folder}` })).toBe(join(folder, name));
  });
});
