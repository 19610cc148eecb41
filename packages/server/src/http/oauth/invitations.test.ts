import {
  describeEachEngine,
  OauthFlows,
  signIn,
  startTestApp,
  type TestApp,
  type Visitor,
} from '@latchkey/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readEvents } from '../../domains/audit/index.ts';
import { minuteMs } from '../../platform/clock.ts';

const [alice, invited] = ['alice@example.com', 'invited@example.com'];

describeEachEngine('the consent page of somebody who is invited', (open) => {
  let app: TestApp;
  let flows: OauthFlows;
  let visitor: Visitor;
  let organizationId: string;
  let owner: { readonly headers: { readonly authorization: string } };

  const session = async (email: string) => ({
    headers: { authorization: `Bearer ${await signIn(app, email)}` },
  });

  beforeEach(async () => {
    app = await startTestApp(await open());
    flows = new OauthFlows(app);
    ({ organizationId } = await app.signUp(alice, 'Acme'));
    owner = await session(alice);
    const path = `/v1/organizations/${organizationId}/members`;
    for (const email of [invited, 'other@example.com']) {
      const answer = await app.call(path, { ...owner, body: { email, role: 'developer' } });
      expect(answer.status).toBe(200);
    }
    app.clock.advance(minuteMs);
    visitor = flows.visitor();
    await visitor.open(flows.authorizeUrl('v'.repeat(43)));
    await flows.signIn(visitor, invited);
  });
  afterEach(() => app.close());

  const joinField = () => /name="(join[^"]+)" value="yes" checked/.exec(visitor.page)?.[1] ?? '';

  async function organizationsOf(email: string) {
    app.clock.advance(minuteMs);
    const { body } = await app.call('/v1/auth/me', await session(email));
    return body.data.organizations.map(({ name, role }: Record<string, string>) => `${name} ${role}`);
  }

  it('offers to join and joins', async () => {
    expect(visitor.page).toContain(`Join Acme (developer), invited by ${alice}`);
    expect(visitor.page).not.toContain('You do not belong to any organization');
    await visitor.submit('/consent', { decision: 'allow', [joinField()]: 'yes' });
    expect(visitor.leftTo).toContain('code=');
    expect(await organizationsOf(invited)).toEqual(['Acme developer']);
    expect(await organizationsOf('other@example.com')).toEqual([]);
    const events = await readEvents(app.deps.store.db, organizationId, 0, 100);
    expect(events.at(-1)).toMatchObject({
      action: 'member.join',
      actor: { kind: 'user', email: invited },
      outcome: 'done',
      details: { role: 'developer' },
    });
  });

  it('leaves an invitation for later that is not ticked', async () => {
    await visitor.submit('/consent', { decision: 'allow' });
    expect(visitor.leftTo).toContain('code=');
    expect(await organizationsOf(invited)).toEqual([]);
    await visitor.open(flows.authorizeUrl('v'.repeat(43)));
    app.clock.advance(minuteMs);
    await flows.signIn(visitor, invited);
    expect(visitor.page).toContain('Join Acme (developer)');
  });

  it('joins nothing when the person denies', async () => {
    await visitor.submit('/consent', { decision: 'deny', [joinField()]: 'yes' });
    expect(visitor.leftTo).toContain('error=access_denied');
    expect(await organizationsOf(invited)).toEqual([]);
  });

  it('joins nothing that somebody else is invited to', async () => {
    const strangers = flows.visitor();
    await strangers.open(flows.authorizeUrl('v'.repeat(43)));
    await flows.signIn(strangers, 'stranger@example.com');
    await strangers.submit('/consent', { decision: 'allow', [joinField()]: 'yes' });
    expect(await organizationsOf('stranger@example.com')).toEqual([]);
  });
});
