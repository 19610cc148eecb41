import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { temporaryFolder } from './temporary-folder.ts';

function folderWith(...programs: string[]): string {
  const folder = temporaryFolder('programs');
  for (const program of programs) writeFileSync(join(folder, program), '');
  return folder;
}

describe('the PostgreSQL server programs', () => {
  it('are found in the folder that is named, before any other', () => {
    const named = folderWith('initdb', 'postgres');
    const onPath = folderWith('initdb', 'postgres');
    expect(findPostgresBinaries({ LATCHKEY_TEST_PG_BIN: named, PATH: onPath })).toBe(named);
  });

  it('are not looked for elsewhere when the named folder does not hold them', () => {
    const env = { LATCHKEY_TEST_PG_BIN: folderWith('psql'), PATH: folderWith('initdb', 'postgres') };
    expect(findPostgresBinaries(env)).toBeUndefined();
  });

  it('are found on PATH, past a folder that holds clients alone', () => {
    const server = folderWith('initdb', 'postgres', 'psql');
    expect(findPostgresBinaries({ PATH: `${folderWith('psql')}::${server}` })).toBe(server);
  });
});
