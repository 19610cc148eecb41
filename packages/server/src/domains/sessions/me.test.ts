import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, foundTeam } from '../people-for-tests.ts';
import { addMember, addOrganizations } from '../rows-for-tests.sql.ts';

describeEachEngine('saying who is signed in', (open) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  afterAll(() => app.close());

  it('names the person, their organizations and roles, and how long the session lasts', async () => {
    const { organizationId, owner } = await foundTeam(app, 'ann@example.com');
    const [other = ''] = await addOrganizations(app.deps.store, (await otherOwner()).email, 1, 'Other');
    await addMember(app.deps.store, other, owner.email, 'runner');
    const { body } = await ask(app, 'sessions.me', {}, owner.token);
    expect(body.data).toMatchObject({ userId: owner.userId, email: owner.email });
    expect(body.data.organizations).toEqual([
      { id: other, name: 'Other 1', role: 'runner' },
      { id: organizationId, name: 'My Organization', role: 'owner' },
    ]);
    expect(Date.parse(body.data.signedInAt)).toBeLessThanOrEqual(app.clock.now());
    expect(Date.parse(body.data.expiresAt)).toBeGreaterThan(app.clock.now());
  });

  async function otherOwner() {
    return (await foundTeam(app, 'bob@example.com')).owner;
  }

  it('refuses who is not signed in, any key, and a token that has ended', async () => {
    expect(refusal(await ask(app, 'sessions.me', {})).code).toBe('NOT_AUTHENTICATED');
    const { apiKey } = await app.signUp('carl@example.com');
    expect(refusal(await ask(app, 'sessions.me', {}, apiKey.raw)).code).toBe('OAUTH_REQUIRED');
    const { owner } = await foundTeam(app, 'dora@example.com');
    app.clock.advance(600_000);
    expect(refusal(await ask(app, 'sessions.me', {}, owner.token)).code).toBe('SESSION_INVALID');
  });
});
