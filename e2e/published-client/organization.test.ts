import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logoFile, png } from '../logo.ts';
import { transcript } from '../transcript.ts';
import { startWorld, type World } from '../world.ts';

interface Created {
  readonly success: true;
  readonly data: { readonly organizationId: string };
  readonly requestId: string;
}

describeEachEngine('the published client: organization create', (open) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(await open());
  });
  afterAll(() => world.close());

  const create = (key: string, name: string, ...more: string[]) => {
    return ['organization', 'create', '--name', name, '--api-key', key, ...more];
  };

  it('makes the holder of a personal key the owner', async () => {
    const { personalKey, email } = await world.account({ organizations: [] });
    const client = world.client('codika');
    const made = await client.run(create(personalKey, 'Acme'));
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(transcript(made.stdout)).toEqual([
      'Creating organization "Acme"...',
      '✓ Organization Created Successfully',
      'Organization ID: <id>',
      'Request ID: <id>',
    ]);
    const owners = `select role from memberships join users on users.id = user_id where email = '${email}'`;
    expect(await world.database.rows(owners)).toEqual([{ role: 'owner' }]);
  });

  it('keeps and serves the logo of an organization that has everything', async () => {
    const { personalKey } = await world.account({ organizations: [] });
    const options = ['--description', 'We make', '--size', '2-10', '--logo', logoFile('logo.png')];
    const made = await world.client('codika').json<Created>(create(personalKey, 'Acme', ...options));
    expect(made.code).toBe(0);
    expect(made.body).toEqual({
      success: true,
      data: { organizationId: expect.stringMatching(/^[0-9A-Za-z]{20}$/) },
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const { organizationId } = made.body.data;
    const logo = await fetch(`${world.server.baseUrl}/v1/organizations/${organizationId}/logo`);
    expect(logo.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await logo.arrayBuffer()).equals(png)).toBe(true);
  });

  it('makes an organization without members with an admin key', async () => {
    const key = await world.keyFromHost({ family: 'admin', scopes: ['organizations:create'] });
    const made = await world.client('codika').json<Created>(create(key, 'Nobody yet'));
    expect(made.code).toBe(0);
    const members = `select * from memberships where organization_id = '${made.body.data.organizationId}'`;
    expect(await world.database.rows(members)).toEqual([]);
  });
});
