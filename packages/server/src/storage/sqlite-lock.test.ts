import { startTestApp, type TestApp, temporaryFolder } from '@latchkey/testkit';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestCode } from '../domains/calls-for-tests.ts';
import { sqliteFile } from './sqlite.ts';

describe('while another process holds the write lock of the SQLite file', () => {
  let app: TestApp;
  let other: Sqlite.Database;
  beforeEach(async () => {
    const dataDir = temporaryFolder('lock');
    app = await startTestApp({ engine: 'sqlite', dataDir, databaseUrl: undefined });
    other = new Sqlite(sqliteFile(dataDir));
    other.exec('begin immediate');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    other.close();
    await app.close();
  });

  it('everything that writes nothing is answered, and what writes goes on when the lock is free', async () => {
    const asked = requestCode(app, 'signup', 'ann@example.com');
    expect(await Promise.race([asked, app.call('/readyz')])).toMatchObject({ body: { status: 'ready' } });
    other.exec('rollback');
    expect((await asked).status).toBe(200);
  });

  it('what writes is told after ten seconds that the server is not available, and works afterwards', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1000;
      return now;
    });
    const asked = [
      requestCode(app, 'signup', 'ann@example.com'),
      requestCode(app, 'signup', 'bob@example.com'),
    ];
    for (const answer of await Promise.all(asked)) {
      expect(answer).toMatchObject({ status: 503, body: { error: { code: 'UNAVAILABLE' } } });
      expect(answer.headers['retry-after']).toBe('1');
    }
    other.exec('rollback');
    expect((await requestCode(app, 'signup', 'ann@example.com')).status).toBe(200);
  });
});
