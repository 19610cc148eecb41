import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '@latchkey/testkit';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../platform/logger.ts';
import { SettingsError } from '../platform/settings-error.ts';
import { openDatabase } from './open.ts';
import { sqliteFile } from './sqlite.ts';

const log = createLogger('silent');

describe('a database that cannot be used', () => {
  it('is named by its setting when it does not answer, without the value', async () => {
    const databaseUrl = 'postgres://u:hunter2@127.0.0.1:1/d';
    const opened = openDatabase({ dataDir: '', databaseUrl }, log);
    await expect(opened).rejects.toThrow(SettingsError);
    await expect(opened).rejects.toThrow(/^LATCHKEY_DATABASE_URL .*ECONNREFUSED/);
    await expect(opened).rejects.not.toThrow(/hunter2|127/);
  });

  it('is named by its file when that is none', async () => {
    const dataDir = temporaryFolder('open');
    writeFileSync(sqliteFile(dataDir), 'not a database '.repeat(100));
    const opened = openDatabase({ dataDir, databaseUrl: undefined }, log);
    await expect(opened).rejects.toThrow(SettingsError);
    await expect(opened).rejects.toThrow(`${sqliteFile(dataDir)} cannot be used`);
  });
});
