import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jpeg, png } from '../accounts/pictures-for-tests.ts';
import { refusal } from '../calls-for-tests.ts';
import { ask, foundTeam, joined, must, type Person, type Team } from '../people-for-tests.ts';

describeEachEngine('an organization', (open) => {
  let app: TestApp;
  let team: Team;
  let admin: Person;
  let developer: Person;
  let stranger: Team;
  beforeAll(async () => {
    app = await startTestApp(await open());
    team = await foundTeam(app, 'ann@example.com');
    admin = await joined(app, team.organizationId, 'admin@example.com', 'admin');
    developer = await joined(app, team.organizationId, 'dev@example.com', 'developer');
    stranger = await foundTeam(app, 'stranger@example.com');
  });
  afterAll(() => app.close());

  const get = (credential?: string) =>
    ask(app, 'organizations.get', { organizationId: team.organizationId }, credential);
  const update = (input: object, credential = team.owner.token) =>
    ask(app, 'organizations.update', { organizationId: team.organizationId, ...input }, credential);
  const logo = () => app.call(`/v1/organizations/${team.organizationId}/logo`);

  beforeEach(async () => {
    await update({ name: 'Acme', description: '', size: null, logo: null });
  });

  it('is read by every member, and by its keys', async () => {
    const { organizationId, owner } = team;
    const request = { organizationId, name: 'CI', scopes: ['projects:read'] };
    const { apiKey } = await must(app, 'keys.createForOrganization', request, owner.token);
    const shown = {
      organizationId,
      name: 'Acme',
      description: '',
      size: null,
      logo: null,
      logoUrl: null,
      createdAt: expect.any(String),
    };
    for (const credential of [owner.token, developer.token, apiKey]) {
      expect((await get(credential)).body.data).toEqual(shown);
    }
  });

  it('does not exist for a stranger, who neither reads nor changes it', async () => {
    const notFound = { status: 404, code: 'ORGANIZATION_NOT_FOUND' };
    expect(refusal(await get(stranger.owner.token))).toEqual(notFound);
    expect(refusal(await update({ name: 'Mine' }, stranger.owner.token))).toEqual(notFound);
    expect((await get(team.owner.token)).body.data.name).toBe('Acme');
  });

  it('is changed by owners and admins only', async () => {
    expect((await update({ name: 'By an admin' }, admin.token)).status).toBe(200);
    const answer = await update({ name: 'By a developer' }, developer.token);
    expect(refusal(answer)).toMatchObject({ status: 403, code: 'ADMIN_REQUIRED' });
    expect((await get(developer.token)).body.data.name).toBe('By an admin');
  });

  it('changes in what is given alone', async () => {
    await update({ description: 'We make\nthings', size: '11-50' });
    const answer = await update({ name: '  Acme & Sons ' });
    const expected = { name: 'Acme & Sons', description: 'We make\nthings', size: '11-50' };
    expect(answer.body.data).toMatchObject(expected);
    expect((await get(team.owner.token)).body.data).toMatchObject(expected);
    expect((await update({ description: '', size: null })).body.data).toMatchObject({
      name: 'Acme & Sons',
      description: '',
      size: null,
    });
  });

  it.each([
    ['nothing', {}],
    ['a name of one character', { name: 'x' }],
    ['a name of two lines', { name: 'Acme\nEvil' }],
    ['a size that there is not', { size: '3' }],
    ['an address of a logo', { logoUrl: 'https://example.com/logo.png' }],
    ['a type without a picture', { logoMimeType: 'image/png' }],
    ['a logo and none at once', { logo: null, logoBase64: png.toString('base64') }],
    ['another field', { ownerId: 'me' }],
  ])('is not changed by %s', async (_what, input) => {
    expect(refusal(await update(input))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  it('goes by its new name wherever a key says it, as soon as that is answered', async () => {
    const { organizationId, owner } = team;
    const request = { organizationId, name: 'CI', scopes: ['workflows:trigger'] };
    const { apiKey } = await must(app, 'keys.createForOrganization', request, owner.token);
    const nameSaid = async () =>
      (await must(app, 'keys.whoami', {}, apiKey)) as { organizationName?: string };
    expect(await nameSaid()).toMatchObject({ organizationName: 'Acme' });
    await update({ name: 'Renamed' });
    expect(await nameSaid()).toMatchObject({ organizationName: 'Renamed' });
  });

  it('says in its audit chain what of it was changed', async () => {
    await update({ name: 'Told', logoBase64: png.toString('base64') });
    const { organizationId, owner } = team;
    const filter = { organizationId, action: 'organization.update', limit: 1 };
    const { events } = await must(app, 'audit.list', filter, owner.token);
    expect(events).toMatchObject([
      { resource: { id: organizationId }, details: { changed: 'name logo', name: 'Told' } },
    ]);
  });

  describe('its logo', () => {
    it('is put, replaced and taken away, and served as it is', async () => {
      const first = await update({ logoBase64: png.toString('base64') });
      expect(first.body.data.logo).toMatchObject({ mimeType: 'image/png' });
      expect((await app.call(first.body.data.logo.path)).headers['content-type']).toBe('image/png');
      const second = await update({ logoBase64: jpeg.toString('base64'), logoMimeType: 'image/jpeg' });
      expect(second.body.data.logo.sha256).not.toBe(first.body.data.logo.sha256);
      expect((await logo()).headers['content-type']).toBe('image/jpeg');
      expect((await update({ logo: null })).body.data.logo).toBeNull();
      expect((await logo()).status).toBe(404);
    });

    it('that is not what it says is refused, and the old one stays', async () => {
      await update({ logoBase64: png.toString('base64') });
      const answer = await update({
        name: 'Half',
        logoBase64: png.toString('base64'),
        logoMimeType: 'image/webp',
      });
      expect(refusal(answer)).toMatchObject({ status: 400, code: 'LOGO_INVALID' });
      expect((await logo()).headers['content-type']).toBe('image/png');
      expect((await get(team.owner.token)).body.data.name).toBe('Acme');
    });
  });
});
