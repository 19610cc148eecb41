import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import { levels } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { type KeyRoom, openRoom } from './environment-keys-for-tests.ts';

const whoami = '/v1/environments/dev/whoami';

describeEachEngine('presenting an environment key', (open) => {
  let app: TestApp;
  let room: KeyRoom;
  let secret: string;
  let wide: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    room = await openRoom(app);
    await must(
      app,
      'workspaces.create',
      { ...room.place, slug: 'other', name: 'Other' },
      room.team.owner.token,
    );
    secret = (await room.mint({ name: 'deploy' })).apiKey;
    wide = (await room.mint({ workspace: undefined })).apiKey;
  });
  afterAll(() => app.close());

  const present = (headers: Record<string, string>, path = whoami) => app.call(path, { headers });

  it.each([
    ['x-api-key', (key: string) => ({ 'x-api-key': key })],
    ['Authorization: Bearer', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['both', (key: string) => ({ 'x-api-key': key, authorization: `Bearer ${key}` })],
  ])('is answered with what it may do, in %s', async (_carrier, headersOf) => {
    const answer = await present(headersOf(secret), `${whoami}?workspace=payments&level=developer`);
    expect(answer.body.data).toMatchObject({
      organizationId: room.team.organizationId,
      environment: 'dev',
      workspace: 'payments',
      keyName: 'deploy',
      level: 'developer',
      scopes: expect.arrayContaining(['deploy:use-case', 'workflows:trigger']),
      endsAt: null,
    });
    expect(answer.body.data.scopes).not.toContain('api-keys:manage');
  });

  it('reaches every workspace with a tenant-wide key, and its own alone with another', async () => {
    for (const workspace of ['payments', 'other']) {
      expect((await room.present(wide, { workspace })).status).toBe(200);
    }
    for (const workspace of ['other', 'nowhere']) {
      const answer = await room.present(secret, { workspace });
      expect(refusal(answer)).toEqual({ status: 404, code: 'WORKSPACE_NOT_FOUND' });
    }
  });

  it('has its level and those below it', async () => {
    for (const held of levels) {
      const key = await room.mint({ level: held });
      for (const wanted of levels) {
        const enough = levels.indexOf(held) >= levels.indexOf(wanted);
        const answer = await room.present(key.apiKey, { level: wanted });
        if (enough) expect(answer.status).toBe(200);
        else {
          expect(refusal(answer)).toMatchObject({ status: 403, code: 'KEY_SCOPE_INSUFFICIENT' });
          expect(answer.body.error.message).toBe(`This requires ${wanted} scope or higher.`);
        }
      }
      await room.revoke(key.fingerprint);
    }
  });

  describe('is refused (contract/culvii.md F.2)', () => {
    it('when there is none, and when it stands in the URL', async () => {
      expect(refusal(await present({}, whoami))).toEqual({ status: 401, code: 'NOT_AUTHENTICATED' });
      const inUrl = await present({}, `${whoami}?api_key=${secret}`);
      expect(refusal(inUrl)).toEqual({ status: 401, code: 'KEY_IN_URL_REFUSED' });
    });

    it('when it is not whole, was changed or was never issued, all with one answer', async () => {
      const unknown = generateEnvironmentKey('dev').secret;
      const headAndTail = `${secret.slice(0, 7)}0000${secret.slice(11, -4)}0000`;
      const wrong = [
        'ck_dev_',
        secret.slice(0, -1),
        `${secret}0`,
        headAndTail,
        unknown,
        'ck_prod_x',
        'letmein',
      ];
      const answers = [];
      for (const each of wrong) answers.push(await present({ 'x-api-key': each }));
      for (const answer of answers) {
        expect(refusal(answer)).toEqual({ status: 401, code: 'KEY_INVALID' });
        expect(answer.body.error).toEqual(answers[0]?.body.error);
      }
    });

    it('when it belongs to another environment, by its prefix alone', async () => {
      const moved = secret.replace('ck_dev_', 'ck_live_');
      const answer = await present({ 'x-api-key': moved });
      expect(refusal(answer)).toEqual({
        status: 401,
        code: 'KEY_ENVIRONMENT_MISMATCH',
        details: { keyEnvironment: 'prod', environment: 'dev' },
      });
      const there = await present({ 'x-api-key': moved }, '/v1/environments/prod/whoami');
      expect(refusal(there)).toEqual({ status: 401, code: 'KEY_INVALID' });
      const cut = await present({ 'x-api-key': 'ck_live_cut-off' });
      expect(refusal(cut).code).toBe('KEY_ENVIRONMENT_MISMATCH');
    });

    it('when another credential comes with it', async () => {
      const answer = await present({ 'x-api-key': secret, authorization: `Bearer ${room.team.owner.token}` });
      expect(refusal(answer)).toEqual({ status: 400, code: 'CREDENTIALS_CONFLICT' });
    });

    it.each([
      ['members.list', {}],
      ['workspaces.list', {}],
      ['workspaces.create', { slug: 'x', name: 'X' }],
      ['sessions.me', {}],
    ] as const)('where only a person may act: %s', async (id, input) => {
      const { organizationId, environment } = room.place;
      const own =
        id === 'sessions.me'
          ? {}
          : id.startsWith('members')
            ? { organizationId }
            : { organizationId, environment };
      const answer = await ask(app, id, { ...own, ...input }, secret);
      expect(refusal(answer)).toEqual({ status: 403, code: 'OAUTH_REQUIRED' });
    });

    it('where management keys act, and a management key where it acts', async () => {
      for (const path of ['/v1/whoami', `/v1/organizations/${room.team.organizationId}/keys`]) {
        const answer = await present({ authorization: `Bearer ${secret}` }, path);
        expect(refusal(answer)).toMatchObject({ status: 401, code: 'KEY_WRONG_PLACE' });
      }
      const answer = await present({ 'x-api-key': generateKey('organization') });
      expect(refusal(answer)).toMatchObject({ status: 401, code: 'KEY_WRONG_PLACE' });
    });
  });
});
