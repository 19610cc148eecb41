import { hash } from 'node:crypto';
import { createByOperator } from '@latchkey/server';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { addOrganizations, countRows, membershipsOf, organizationRow } from '../rows-for-tests.sql.ts';
import { jpeg, png, pngOf, webp } from './pictures-for-tests.ts';

const paths = ['/v1/organizations', '/createorganizationviaapikey'] as const;
const [path] = paths;

const fiveMegabytes = 5 * 1024 * 1024;

describeEachEngine('creating an organization', (open) => {
  const email = 'ann@example.com';
  let app: TestApp;
  let personal: string;
  let admin: string;
  let organization: string;
  beforeAll(async () => {
    app = await startTestApp(await open());
    organization = (await app.signUp(email)).apiKey.raw;
    const scopes = ['organizations:create', 'api-keys:manage'];
    personal = (await createByOperator(app.deps, { family: 'personal', email, name: 'Ann', scopes })).apiKey;
    admin = (await createByOperator(app.deps, { family: 'admin', name: 'Operator', scopes })).apiKey;
  });
  afterAll(() => app.close());

  const create = (body: object, key = personal) => app.call(path, { body: { name: 'Acme', ...body }, key });

  describe.each(paths)('at %s', (each) => {
    it('answers the id alone, and makes the caller the owner', async () => {
      const answer = await app.call(each, { body: { name: 'Acme' }, key: personal });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        success: true,
        data: { organizationId: expect.stringMatching(/^[A-Za-z0-9]{20}$/) },
        requestId: answer.headers['x-request-id'],
      });
      const { organizationId } = answer.body.data;
      expect(await membershipsOf(app.deps.store, email)).toContainEqual(
        expect.objectContaining({ organization_id: organizationId, role: 'owner' }),
      );
    });

    it('never accepts an organization key, and says which keys it takes', async () => {
      const answer = await app.call(each, { body: { name: 'Acme' }, key: organization });
      expect(refusal(answer)).toEqual({ status: 403, code: 'KEY_FAMILY_NOT_ALLOWED' });
      expect(answer.body.error.message).toContain('cko_');
      expect(answer.body.error.message).toContain('ckp_, cka_');
    });

    it('names the scope that a key lacks', async () => {
      const request = { family: 'personal', email, name: 'Narrow', scopes: ['api-keys:manage'] } as const;
      const { apiKey: key } = await createByOperator(app.deps, request);
      const answer = await app.call(each, { body: { name: 'Acme' }, key });
      expect(refusal(answer)).toEqual({
        status: 403,
        code: 'SCOPE_MISSING',
        details: { scope: 'organizations:create' },
      });
      expect(answer.body.error.message).toContain('organizations:create');
    });
  });

  it('lets the owner manage its keys at once', async () => {
    const { organizationId } = (await create({})).body.data;
    const body = { name: 'CI', scopes: ['workflows:trigger'] };
    const minted = await app.call(`/v1/organizations/${organizationId}/keys`, { body, key: personal });
    expect(minted.body.data).toMatchObject({ organizationId, scopes: ['workflows:trigger'] });
  });

  it('has no member when an admin key creates it', async () => {
    const memberships = await countRows(app.deps.store, 'memberships');
    expect((await create({}, admin)).status).toBe(200);
    expect(await countRows(app.deps.store, 'memberships')).toBe(memberships);
  });

  it('keeps name, description and size', async () => {
    const body = { name: '  Acme  ', description: 'Two\nlines', size: '11-50' };
    const { organizationId } = (await create(body)).body.data;
    expect(await organizationRow(app.deps.store, organizationId)).toMatchObject({
      name: 'Acme',
      description: 'Two\nlines',
      size: '11-50',
    });
  });

  it.each(['solo', '2-10', '11-50', '51-200', '201-1000', '1000+'])('accepts the size %s', async (size) => {
    expect((await create({ size }, admin)).status).toBe(200);
  });

  it.each([2, 100])('accepts a name of %i characters', async (length) => {
    expect((await create({ name: 'x'.repeat(length) }, admin)).status).toBe(200);
  });

  it.each([
    ['a name of 1 character', { name: 'x' }],
    ['a name of 101 characters', { name: 'x'.repeat(101) }],
    ['a name of blanks', { name: '   ' }],
    ['a name of two lines', { name: 'Acme\nEvil' }],
    ['no name', { name: undefined }],
    ['an unknown size', { size: '3' }],
    ['a description of 501 characters', { description: 'x'.repeat(501) }],
    ['a logo over http', { logoUrl: 'http://example.com/logo.png' }],
    ['a logo as script', { logoUrl: 'javascript:alert(1)' }],
    ['a logo as data', { logoUrl: 'data:image/png;base64,iVBORw0KGgo=' }],
    ['an unknown logo type', { logoBase64: png.toString('base64'), logoMimeType: 'image/svg+xml' }],
    ['n8n without its key', { n8nBaseUrl: 'https://n8n.example.com' }],
    ['n8n without its address', { n8nApiKey: 'n8n-key' }],
    ['an unknown field', { plan: 'pro' }],
  ])('refuses %s and creates nothing', async (_what, body) => {
    const organizations = await countRows(app.deps.store, 'organizations');
    expect(refusal(await create(body))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(await countRows(app.deps.store, 'organizations')).toBe(organizations);
  });

  it('says which n8n fields go together when one is missing', async () => {
    const answer = await create({ n8nBaseUrl: 'https://n8n.example.com' });
    expect(answer.body.error.message).toMatch(/n8nBaseUrl.*n8nApiKey/);
  });

  it('says that it cannot connect to n8n when both fields are given', async () => {
    const answer = await create({ n8nBaseUrl: 'https://n8n.example.com', n8nApiKey: 'n8n-key' });
    expect(refusal(answer)).toEqual({ status: 400, code: 'N8N_NOT_AVAILABLE' });
    expect(JSON.stringify(answer.body)).not.toContain('n8n-key');
  });

  it('keeps an https address of a logo', async () => {
    const logoUrl = 'https://example.com/logo.png';
    const { organizationId } = (await create({ logoUrl })).body.data;
    expect(await organizationRow(app.deps.store, organizationId)).toMatchObject({ logo_url: logoUrl });
  });

  describe('a logo', () => {
    const createWith = async (body: object) => {
      const answer = await create(body, admin);
      return `/v1/organizations/${answer.body.data.organizationId}/logo`;
    };

    it.each([
      ['image/png', png],
      ['image/jpeg', jpeg],
      ['image/webp', webp],
    ])('of type %s is served to anybody, with its own type and unchanged', async (logoMimeType, bytes) => {
      const url = await createWith({ logoBase64: bytes.toString('base64'), logoMimeType });
      const served = await app.call(url);
      expect(served.status).toBe(200);
      expect(served.headers).toMatchObject({
        'content-type': logoMimeType,
        'content-length': String(bytes.length),
        etag: `"${hash('sha256', bytes)}"`,
        'x-content-type-options': 'nosniff',
      });
    });

    it('is a PNG unless told', async () => {
      const url = await createWith({ logoBase64: png.toString('base64') });
      expect((await app.call(url)).headers['content-type']).toBe('image/png');
    });

    it('has an entity tag, with which it is not sent again', async () => {
      const url = await createWith({ logoBase64: png.toString('base64') });
      const etag = String((await app.call(url)).headers.etag);
      expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
      const same = await app.call(url, { headers: { 'if-none-match': etag } });
      expect([same.status, same.body, same.headers.etag]).toEqual([304, '', etag]);
      const other = await app.call(url, { headers: { 'if-none-match': `"${'0'.repeat(64)}"` } });
      expect(other.status).toBe(200);
    });

    it('is not found where there is none', async () => {
      expect(refusal(await app.call(await createWith({})))).toEqual({ status: 404, code: 'NOT_FOUND' });
      expect((await app.call('/v1/organizations/none/logo')).status).toBe(404);
    });

    it.each([
      ['PNG bytes under JPEG', png, 'image/jpeg'],
      ['JPEG bytes under PNG', jpeg, 'image/png'],
      ['a RIFF file that is no picture', Buffer.from('RIFF\u0004\u0000\u0000\u0000WAVEfmt '), 'image/webp'],
      ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/png'],
      ['a page', Buffer.from('<!doctype html><script>'), 'image/jpeg'],
      [
        'an SVG behind the first bytes of a PNG',
        Buffer.concat([png.subarray(0, 8), Buffer.from('<svg onload="alert(1)">')]),
        'image/png',
      ],
      ['two bytes', Buffer.from([0xff, 0xd8]), 'image/jpeg'],
    ])('of wrong bytes is refused: %s', async (_what, bytes, logoMimeType) => {
      const answer = await create({ logoBase64: bytes.toString('base64'), logoMimeType });
      expect(refusal(answer)).toMatchObject({ status: 400, code: 'LOGO_INVALID' });
    });

    it.each([
      '%%%%',
      'iVBORw0KGgo=!',
      `${png.toString('base64')}\n`,
      'data:image/png;base64,iVBORw0KGgo=',
    ])('that is not base64 is refused: %j', async (logoBase64) => {
      expect(refusal(await create({ logoBase64 }))).toMatchObject({ status: 400, code: 'LOGO_INVALID' });
    });

    it('may have exactly 5 MB and not a byte more', async () => {
      expect((await create({ logoBase64: pngOf(fiveMegabytes).toString('base64') }, admin)).status).toBe(200);
      const organizations = await countRows(app.deps.store, 'organizations');
      const answer = await create({ logoBase64: pngOf(fiveMegabytes + 1).toString('base64') }, admin);
      expect(refusal(answer)).toMatchObject({ status: 400, code: 'LOGO_INVALID' });
      expect(answer.body.error.message).toContain('5 MB');
      const larger = await create({ logoBase64: pngOf(6 * 1024 * 1024).toString('base64') }, admin);
      expect(refusal(larger)).toEqual({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
      expect(await countRows(app.deps.store, 'organizations')).toBe(organizations);
    });
  });

  it('refuses the 51st that one person owns, and does not limit admin keys', async () => {
    const owner = 'collector@example.com';
    await app.signUp(owner);
    await addOrganizations(app.deps.store, owner, 48);
    const scopes = ['organizations:create'];
    const request = { family: 'personal', email: owner, name: 'Collector', scopes } as const;
    const { apiKey: key } = await createByOperator(app.deps, request);
    expect((await create({}, key)).status).toBe(200);
    expect(refusal(await create({}, key))).toEqual({ status: 409, code: 'MAX_ORGANIZATIONS_REACHED' });
    expect(await membershipsOf(app.deps.store, owner)).toHaveLength(50);
    expect((await create({}, admin)).status).toBe(200);
  });
});

describeEachEngine('an organization whose provisioning fails', (open) => {
  it('is not created, and what was made for it is undone', async () => {
    const calls: string[] = [];
    const provisioner = {
      name: 'engine',
      provision: async () => {
        throw new Error('no room');
      },
      undo: async ({ organizationName }: { organizationName: string }) => {
        calls.push(organizationName);
      },
    };
    const app = await startTestApp(await open(), { provisioners: [provisioner] });
    const scopes = ['organizations:create'];
    const { apiKey: key } = await createByOperator(app.deps, { family: 'admin', name: 'Operator', scopes });
    const answer = await app.call(path, { body: { name: 'Acme' }, key });
    expect(refusal(answer)).toEqual({ status: 500, code: 'ORGANIZATION_CREATION_FAILED' });
    expect(calls).toEqual(['Acme']);
    expect(await countRows(app.deps.store, 'organizations')).toBe(0);
    await app.close();
  });
});
