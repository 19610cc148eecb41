import { readFileSync } from 'node:fs';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../settings.ts';
import { shownSettings } from '../../shown-settings.ts';
import { refusal } from '../calls-for-tests.ts';
import { ask, foundTeam, joined, must, type Team } from '../people-for-tests.ts';

describeEachEngine('the settings of the server', (open) => {
  let app: TestApp;
  let team: Team;
  beforeAll(async () => {
    app = await startTestApp(await open());
    team = await foundTeam(app, 'ann@example.com');
  });
  afterAll(() => app.close());

  const settings = (token: string) =>
    ask(app, 'organizations.settings', { organizationId: team.organizationId }, token);

  it('are told to owners and admins alone', async () => {
    const { organizationId, owner } = team;
    const [admin, developer] = [
      await joined(app, organizationId, 'admin@example.com', 'admin'),
      await joined(app, organizationId, 'dev@example.com', 'developer'),
    ];
    expect((await settings(owner.token)).status).toBe(200);
    expect((await settings(admin.token)).status).toBe(200);
    expect(refusal(await settings(developer.token))).toMatchObject({ status: 403, code: 'ADMIN_REQUIRED' });
  });

  it('say the version, each limit that holds, and what an engine needs', async () => {
    const { organizationId, owner } = team;
    const answer = await must(app, 'organizations.settings', { organizationId }, owner.token);
    expect(answer).toMatchObject({ version: app.deps.version, engines: [{ name: 'http' }] });
    const limits = Object.fromEntries(
      answer.limits.map(({ name, limit, windowSeconds }) => [name, [limit, windowSeconds]]),
    );
    expect(limits).toMatchObject({
      organizationKeys: [20, null],
      pendingInvitations: [50, null],
      codesPerEmail: [20, 3600],
      codesPerAddress: [60, 3600],
    });
  });
});

const listening = 'http://127.0.0.1:4700';

describe('what is shown of a setting', () => {
  const full = {
    LATCHKEY_PUBLIC_URL: 'https://keys.example.com',
    LATCHKEY_DATABASE_URL: 'postgres://ann:hunter2@db.internal/latchkey',
    LATCHKEY_SMTP_URL: 'smtp://ann:hunter2@mail.example.com:587',
    LATCHKEY_UPSTREAM_ISSUER: 'https://id.example.com/realms/acme',
    LATCHKEY_UPSTREAM_CLIENT_ID: 'client-hunter2',
    LATCHKEY_UPSTREAM_CLIENT_SECRET: 'secret-hunter2',
    LATCHKEY_INTROSPECTION_CLIENTS: `api:${'hunter2'.repeat(6)}`,
    LATCHKEY_MASTER_KEY: 'ab'.repeat(32),
  };

  it('names hosts, and nothing that is secret', () => {
    const shown = shownSettings(readSettings(full), listening);
    expect(Object.fromEntries(shown.map(({ name, value }) => [name, value]))).toEqual({
      publicUrl: 'https://keys.example.com',
      database: 'PostgreSQL',
      mail: 'mail.example.com',
      upstream: 'id.example.com',
      triggerBodyLimitBytes: '1048576',
    });
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|abab|internal/);
  });

  it('says what holds where nothing is set', () => {
    const values = shownSettings(readSettings({}), listening).map(({ name, value }) => [name, value]);
    expect(Object.fromEntries(values)).toMatchObject({ publicUrl: null, mail: null, upstream: null });
    expect(shownSettings(readSettings({}), listening)[0]?.otherwise).toContain(listening);
  });

  it('stands in the README in the same words, under the variables that set it', () => {
    const readme = readFileSync(new URL('../../../../../README.md', import.meta.url), 'utf8')
      .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
      .replaceAll('`', '');
    const rows = readme.split('\n').filter((line) => line.startsWith('| LATCHKEY_'));
    for (const { description, variables } of shownSettings(readSettings({}), listening)) {
      const row = rows.find((each) => each.includes(String(variables[0])));
      expect(row).toContain(description);
      expect(description).not.toBe('');
    }
  });
});
