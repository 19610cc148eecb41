import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logStatements } from '../../storage/statements-for-tests.ts';
import { freshAddress, outcomes, refusal, together } from '../calls-for-tests.ts';
import { type KeyRoom, openRoom } from '../environment-keys/environment-keys-for-tests.ts';
import { keyOf, made } from '../instances/instances-for-tests.ts';
import { joined, must } from '../people-for-tests.ts';
import { tableText } from '../rows-for-tests.sql.ts';

describeEachEngine('ending a key that is in hand', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  beforeAll(async () => {
    app = await startTestApp(await open());
  });
  beforeEach(async () => {
    room = await openRoom(app);
  });
  afterAll(() => app.close());

  /** A key of each family, how it is presented, and where it can be seen whether it works. */
  async function keyOfEach() {
    const { owner, organizationId } = room.team;
    const { userId } = owner;
    const instance = await made(app, { organizationId }, owner);
    const management = (secret: string) => ({
      secret,
      headers: { authorization: `Bearer ${secret}` },
      path: '/v1/whoami',
    });
    const environmentKey = (await room.mint()).apiKey;
    return {
      organization: management(await keyOf(app, 'organization', { organizationId, userId })),
      personal: management(await keyOf(app, 'personal', { userId })),
      admin: management(await keyOf(app, 'admin')),
      environment: {
        secret: environmentKey,
        headers: { 'x-api-key': environmentKey },
        path: '/v1/environments/dev/whoami',
      },
      instance: {
        secret: instance.apiKey,
        headers: { 'x-api-key': instance.apiKey },
        path: `/status/${instance.processInstanceId}/none`,
      },
    };
  }
  type Family = keyof Awaited<ReturnType<typeof keyOfEach>>;
  const families: Family[] = ['organization', 'personal', 'admin', 'environment', 'instance'];
  async function outcome({ path, headers }: { path: string; headers: Record<string, string> }) {
    const { status, body } = await app.call(path, { headers });
    return status === 200 ? 'OK' : (body.code ?? body.error.code);
  }
  const report = (key: string, input: object = {}, from = freshAddress()) =>
    app.call('/v1/keys/leaked', { body: { key, ...input }, from });
  const mailTo = (address: string) => app.deps.localMailbox?.messagesFor(address) ?? [];

  describe('by its holder', () => {
    const revokeOwn = (headers: Record<string, string>) =>
      app.call('/v1/keys/revoke-own', { body: {}, headers });

    it.each(families)('works for the family %s, and is in force at once', async (family) => {
      const key = (await keyOfEach())[family];
      expect(['OK', 'EXECUTION_NOT_FOUND']).toContain(await outcome(key));
      const { status, body } = await revokeOwn(key.headers);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.data).toMatchObject({
        keyId: expect.any(String),
        revokedAt: new Date(app.clock.now()).toISOString(),
      });
      expect(await outcome(key)).toBe('KEY_REVOKED');
      expect(refusal(await revokeOwn(key.headers)).code).toBe('KEY_REVOKED');
    });

    it('shuts the door of an instance until it has another key', async () => {
      const { owner, organizationId } = room.team;
      const { processInstanceId, apiKey } = await made(app, { organizationId }, owner);
      const trigger = (secret: string) =>
        app.call(`/webhook/${processInstanceId}/main`, { headers: { 'x-api-key': secret }, body: {} });
      expect((await trigger(apiKey)).status).toBe(200);
      await revokeOwn({ 'x-api-key': apiKey });
      expect((await trigger(apiKey)).body.code).toBe('KEY_REVOKED');
      const reveal = await app.call(`/v1/instances/${processInstanceId}/key/reveal`, {
        body: {},
        headers: { authorization: `Bearer ${owner.token}` },
      });
      expect(refusal(reveal)).toMatchObject({ status: 412, code: 'INSTANCE_INACTIVE' });
      const again = await must(app, 'instances.regenerateKey', { processInstanceId }, owner.token);
      expect((await trigger(again.apiKey)).status).toBe(200);
    });

    it('is not for sessions, and takes an instance key in its own header only', async () => {
      const { instance } = await keyOfEach();
      const bearer = { authorization: `Bearer ${instance.secret}` };
      expect(refusal(await revokeOwn(bearer)).code).toBe('KEY_WRONG_PLACE');
      expect((await revokeOwn({ authorization: `Bearer ${room.team.owner.token}` })).status).toBe(401);
    });

    it('happens once for 64 callers, all of whom learn when', async () => {
      const { organization } = await keyOfEach();
      const answers = await together(() => revokeOwn(organization.headers));
      const { OK = 0, KEY_REVOKED = 0 } = outcomes(answers);
      expect(OK).toBeGreaterThan(0);
      expect(OK + KEY_REVOKED).toBe(64);
    });
  });

  describe('by whoever has found it', () => {
    it.each(families)('works for the family %s, and is in force at once', async (family) => {
      const key = (await keyOfEach())[family];
      const { body } = await report(key.secret, { foundAt: 'a gist' });
      const revokedAt = new Date(app.clock.now()).toISOString();
      expect(body.data).toEqual({ revoked: true, revokedAt });
      expect(await outcome(key)).toBe('KEY_REVOKED');
    });

    it('tells the person it acts as and every owner and admin, after it has ended', async () => {
      const { organizationId, owner } = room.team;
      const mail = (name: string) => `${name}@${organizationId.toLowerCase()}.example`;
      const admin = await joined(app, organizationId, mail('admin'), 'admin');
      const maker = await joined(app, organizationId, mail('maker'), 'developer');
      const other = await joined(app, organizationId, mail('other'), 'developer');
      const { apiKey, fingerprint } = await room.mint({ name: 'Deploy <b>"x"</b>' }, maker);
      await report(apiKey, { foundAt: 'https://evil.example/<script>' });
      for (const { email } of [owner, admin, maker]) {
        const [message] = mailTo(email);
        expect(message?.subject).toBe('An API key was found in the open and has been revoked');
        expect(message?.code).toBeNull();
        expect(message?.text).toContain(fingerprint);
        expect(message?.text).toContain('    https://evil.example/<script>');
        expect(message?.text).not.toContain(apiKey);
      }
      expect(mailTo(other.email).map(({ subject }) => subject)).not.toContain(
        'An API key was found in the open and has been revoked',
      );
    });

    it('is told in the chain of the organization, with where the report came from', async () => {
      const { apiKey, keyId } = await room.mint();
      await report(apiKey, { foundAt: 'a gist' }, '198.51.100.77');
      const [event] = await app.deps.store.db
        .selectFrom('audit_events')
        .selectAll()
        .where('chain', '=', room.team.organizationId)
        .where('action', '=', 'key.leaked')
        .execute();
      expect(JSON.parse(event?.facts ?? '')).toMatchObject({
        actor: { kind: 'anonymous' },
        resource: { id: keyId },
        address: '198.51.100.77',
        environment: 'dev',
        details: { name: 'CI', foundAt: 'a gist' },
      });
      expect(JSON.stringify(event)).not.toContain(apiKey);
    });

    it('is taken with the line in which it stood, and keeps no key of it', async () => {
      const { apiKey, fingerprint } = await room.mint();
      const foundAt = `.env: LATCHKEY=${apiKey}`;
      expect((await report(apiKey, { foundAt })).body.data.revoked).toBe(true);
      const [message] = mailTo(room.team.owner.email);
      expect(message?.text).toContain('.env: LATCHKEY=');
      expect(message?.text).toContain(fingerprint);
      const events = await tableText(app.deps.store, 'audit_events');
      for (const text of [message?.text, events]) expect(text).not.toContain(apiKey);
      expect(events).toContain('.env: LATCHKEY=');
    });

    it('ends a key also while it is disabled', async () => {
      const { apiKey, fingerprint: key } = await room.mint();
      await room.ask('environmentKeys.disable', { key });
      expect((await report(apiKey)).body.data.revoked).toBe(true);
      expect(await room.outcome(apiKey)).toBe('KEY_REVOKED');
    });

    it('answers a key that never was as one that has ended, and tells nobody', async () => {
      const { apiKey, fingerprint } = await room.mint();
      await room.revoke(fingerprint);
      const before = mailTo(room.team.owner.email).length;
      const unknown = [
        generateKey('organization'),
        generateKey('instance'),
        generateEnvironmentKey('dev').secret,
      ];
      for (const key of [apiKey, ...unknown]) {
        expect((await report(key)).body.data).toEqual({ revoked: false, revokedAt: null });
      }
      expect(mailTo(room.team.owner.email)).toHaveLength(before);
    });

    it.each([
      '',
      'hello',
      'cko_short',
      `${'x'.repeat(53)}`,
    ])('refuses %j from the string alone', async (text) => {
      expect(refusal(await report(text))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    });

    it('counts what ends nothing by address, and never what ends a key', async () => {
      const from = freshAddress();
      for (let count = 0; count < 20; count += 1) {
        expect((await report(generateKey('personal'), {}, from)).status).toBe(200);
      }
      expect(refusal(await report(generateKey('personal'), {}, from))).toMatchObject({
        status: 429,
        code: 'IP_RATE_LIMITED',
        details: { retryInSeconds: 600 },
      });
      const { apiKey } = await room.mint();
      expect((await report(apiKey, {}, from)).body.data.revoked).toBe(true);
      app.clock.advance(600_000);
      expect((await report(generateKey('personal'), {}, from)).status).toBe(200);
    });

    it('costs the database one read for a new string, and nothing for one again, of whoever is refused', async () => {
      const from = freshAddress();
      // So many that not even their refusals are kept any more.
      for (let count = 0; count < 20 + 100 + 1; count += 1) await report(generateKey('personal'), {}, from);
      const key = generateKey('personal');
      const log = logStatements();
      try {
        for (let count = 0; count < 2; count += 1) {
          expect(refusal(await report(key, {}, from)).code).toBe('IP_RATE_LIMITED');
          expect(log.texts.map((each) => each.split(' ')[0])).toEqual(['select']);
        }
      } finally {
        log.close();
      }
      expect((await report((await room.mint()).apiKey, {}, from)).body.data.revoked).toBe(true);
    });

    it('is done once for 64 who find the same key, and mailed once', async () => {
      const { apiKey } = await room.mint();
      const answers = await together(() => report(apiKey));
      expect(answers.filter(({ body }) => body.data.revoked)).toHaveLength(1);
      expect(mailTo(room.team.owner.email).filter(({ code }) => code === null)).toHaveLength(1);
    });

    it('is not undone by a mail that cannot be sent', async () => {
      const { apiKey } = await room.mint();
      const { mailer } = app.deps;
      const send = mailer.send.bind(mailer);
      mailer.send = async () => {
        throw new Error('no mail today');
      };
      try {
        expect((await report(apiKey)).body.data.revoked).toBe(true);
      } finally {
        mailer.send = send;
      }
      expect(await room.outcome(apiKey)).toBe('KEY_REVOKED');
      expect(app.logLines.join('')).toContain('an owner of a found key could not be told');
    });
  });
});
