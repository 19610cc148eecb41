import { createByOperator } from '@latchkey/server';
import { describeEachEngine, signIn, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  complete,
  freshAddress,
  outcomes,
  refusal,
  requestCode,
  silentRecorder,
  together,
} from '../calls-for-tests.ts';
import { ask, foundTeam, joined, must, type Person, signedIn, type Team } from '../people-for-tests.ts';
import { countRows, membershipsOf } from '../rows-for-tests.sql.ts';
import { inviteMember } from './invite.ts';

let teams = 0;

describeEachEngine('inviting a person', (open) => {
  let app: TestApp;
  let team: Team;
  let guest: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    teams += 1;
    guest = `guest${teams}@invited.example`;
    team = await foundTeam(app, `owner${teams}@inviting.example`);
  });
  afterAll(() => app.close());

  const invite = (input: object = {}, by: Person = team.owner, organizationId = team.organizationId) =>
    ask(app, 'members.invite', { organizationId, email: guest, ...input }, by.token);
  const members = async (by: Person = team.owner) =>
    must(app, 'members.list', { organizationId: team.organizationId }, by.token);
  /** Logs in by emailed code as the mail says. */
  async function logIn(email: string, organizationId?: string) {
    app.clock.advance(30_000);
    const asked = await requestCode(app, 'login', email);
    if (asked.status !== 200) return asked;
    return complete(app, 'login', { email, code: app.codeFor(email), organizationId });
  }

  it('mails the invitation, and leaves it pending until the address is proved', async () => {
    const { body } = await invite({ email: ` ${guest.toUpperCase()} `, role: 'runner' });
    const invitation = {
      memberId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: guest,
      role: 'runner',
      invitedBy: team.owner.email,
      invitedAt: new Date(app.clock.now()).toISOString(),
    };
    expect(body.data).toEqual(invitation);
    expect(await members()).toMatchObject({
      members: [{ email: team.owner.email, role: 'owner' }],
      invitations: [invitation],
    });
    const [mail] = app.deps.localMailbox?.messagesFor(guest) ?? [];
    expect(mail?.code).toBeNull();
    expect(mail?.text).toContain(`${team.owner.email} has invited you`);
    expect(mail?.text).toContain(`--organization-id ${team.organizationId}`);
  });

  it('makes a member of whoever logs in with the address, with the role and no more', async () => {
    await invite({ role: 'runner' });
    const answer = await logIn(guest, team.organizationId);
    expect(answer.body.data).toMatchObject({ organizationId: team.organizationId });
    expect(answer.body.data.apiKey.scopes).toContain('workflows:trigger');
    expect(answer.body.data.apiKey.scopes).not.toContain('api-keys:manage');
    const { members: all, invitations } = await members();
    expect(all.map(({ email, role }) => [email, role])).toEqual([
      [team.owner.email, 'owner'],
      [guest, 'runner'],
    ]);
    expect(invitations).toEqual([]);
  });

  it('waits until who belongs somewhere names the organization: their own log-in stays as it is', async () => {
    const own = await app.signUp(guest);
    await invite();
    expect((await logIn(guest)).body.data.organizationId).toBe(own.organizationId);
    const me = await must(app, 'sessions.me', {}, await signIn(app, guest));
    expect(me.organizations.map(({ id }) => id)).toEqual([own.organizationId]);
    expect((await logIn(guest, team.organizationId)).body.data.organizationId).toBe(team.organizationId);
    expect((await membershipsOf(app.deps.store, guest)).length).toBe(2);
    expect(refusal(await logIn(guest)).code).toBe('MULTIPLE_ORGANIZATIONS');
  });

  it('lets the personal keys of whoever joins count at once where they were unknown', async () => {
    await app.signUp(guest);
    const personal = { name: 'Own', scopes: ['api-keys:manage'], email: guest };
    const { apiKey } = await createByOperator(app.deps, { family: 'personal', ...personal });
    const wanted = { organizationId: team.organizationId, name: 'API', scopes: ['keys:verify'] };
    const { apiKey: key } = await must(app, 'keys.createForOrganization', wanted, team.owner.token);
    const verdict = async () =>
      (await app.call('/v1/keys/verify', { body: { key: apiKey }, key })).body.data.code;
    await invite();
    app.clock.advance(30_000);
    await requestCode(app, 'login', guest);
    expect(await verdict()).toBe('NOT_FOUND');
    const proof = { email: guest, code: app.codeFor(guest) };
    await complete(app, 'login', { ...proof, organizationId: team.organizationId });
    expect(await verdict()).toBe('VALID');
    const { userId } = await signedIn(app, guest);
    const leaving = { organizationId: team.organizationId, memberId: userId };
    await must(app, 'members.remove', leaving, team.owner.token);
    expect(await verdict()).toBe('NOT_FOUND');
  });

  it('asks which one it is for whom two organizations invite', async () => {
    const other = await foundTeam(app, `other${teams}@inviting.example`);
    await invite();
    await invite({}, other.owner, other.organizationId);
    const { code, details } = refusal(await logIn(guest));
    expect(code).toBe('MULTIPLE_ORGANIZATIONS');
    expect((details as { organizations: object[] }).organizations.length).toBe(2);
    expect((await logIn(guest, other.organizationId)).status).toBe(200);
  });

  it('admits nobody after it was withdrawn, and nobody whose address it is not', async () => {
    const { body } = await invite();
    await app.signUp(`stranger${teams}@example.com`);
    const stranger = await logIn(`stranger${teams}@example.com`, team.organizationId);
    expect(refusal(stranger).code).toBe('ORGANIZATION_NOT_MEMBER');
    const input = { organizationId: team.organizationId, memberId: body.data.memberId };
    await must(app, 'members.remove', input, team.owner.token);
    expect(refusal(await logIn(guest, team.organizationId)).code).toBe('USER_NOT_FOUND');
  });

  it('changes the role of an invitation that is sent again, and the newest counts', async () => {
    const first = await invite({ role: 'runner' });
    const second = await invite({ role: 'admin' });
    expect(second.body.data.memberId).toBe(first.body.data.memberId);
    await logIn(guest, team.organizationId);
    expect((await members()).members.at(-1)).toMatchObject({ email: guest, role: 'admin' });
  });

  it('is accepted once by 64 log-ins with one code', async () => {
    await invite();
    await requestCode(app, 'login', guest);
    const body = { email: guest, code: app.codeFor(guest), organizationId: team.organizationId };
    const answers = await together(() => complete(app, 'login', body));
    expect(outcomes(answers)).toEqual({ OK: 1, OTP_ALREADY_USED: 63 });
    expect(await membershipsOf(app.deps.store, guest)).toHaveLength(1);
  });

  describe('refuses', () => {
    it('whoever does not decide in the organization', async () => {
      const developer = await joined(app, team.organizationId, `dev${teams}@example.com`, 'developer');
      expect(refusal(await invite({}, developer))).toEqual({ status: 403, code: 'ADMIN_REQUIRED' });
      expect((await members(developer)).invitations).toEqual([]);
    });

    it('a role above the own, also where it is pending already', async () => {
      const admin = await joined(app, team.organizationId, `admin${teams}@example.com`, 'admin');
      expect(refusal(await invite({ role: 'owner' }, admin))).toEqual({
        status: 403,
        code: 'ROLE_ESCALATION',
      });
      await invite({ role: 'owner' });
      expect(refusal(await invite({ role: 'runner' }, admin)).code).toBe('ROLE_ESCALATION');
    });

    it('who is a member, what is no address, and an organization of others', async () => {
      expect(refusal(await invite({ email: team.owner.email }))).toEqual({
        status: 409,
        code: 'ALREADY_MEMBER',
      });
      expect(refusal(await invite({ email: 'nobody' })).code).toBe('EMAIL_INVALID');
      const stranger = await foundTeam(app, `eve${teams}@example.com`);
      expect(refusal(await invite({}, stranger.owner)).code).toBe('ORGANIZATION_NOT_FOUND');
    });

    it('the 51st pending one, and the eleventh mail to one address in a day', async () => {
      const { store } = app.deps;
      const { organizationId, owner } = team;
      const rows = Array.from({ length: 49 }, (_, index) => ({
        id: `${organizationId}-${index}`,
        organization_id: organizationId,
        email: `guest-${index}@many.example`,
        role: 'runner' as const,
        invited_by: owner.userId,
        created_at: 0,
      }));
      await store.write((trx) => trx.insertInto('invitations').values(rows).execute());
      for (let count = 0; count < 10; count += 1) expect((await invite()).status).toBe(200);
      expect(refusal(await invite())).toMatchObject({ status: 429, code: 'EMAIL_RATE_LIMITED' });
      const over = refusal(await invite({ email: `another${teams}@invited.example` }));
      expect(over).toEqual({ status: 409, code: 'INVITATION_LIMIT', details: { limit: 50 } });
    });
  });

  it('was not made when it could not be mailed', async () => {
    const before = await countRows(app.deps.store, 'invitations');
    const mailer = { ...app.deps.mailer, send: () => Promise.reject(new Error('refused')) };
    const { sessionId } = await app.deps.sessions.authenticate(team.owner.token);
    const principal = {
      family: 'session',
      keyId: null,
      scopes: [],
      organizationId: null,
      userId: team.owner.userId,
      sessionId,
    } as const;
    const input = { organizationId: team.organizationId, email: guest, role: 'runner' } as const;
    const inviting = inviteMember({ ...app.deps, audit: silentRecorder, mailer }, principal, input);
    await expect(inviting).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await countRows(app.deps.store, 'invitations')).toBe(before);
    expect((await requestCode(app, 'login', guest, freshAddress())).body.error.code).toBe('USER_NOT_FOUND');
  });
});
