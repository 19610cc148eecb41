import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dashboard, type Owner, type Person, startDashboard } from './journey.ts';
import { lookAt } from './look.ts';

describe('the members in the dashboard', () => {
  let dashboard: Dashboard;
  let owner: Owner;
  beforeAll(async () => {
    dashboard = await startDashboard();
    owner = await dashboard.owner('Acme');
  });
  afterAll(() => dashboard.close());

  const listed = async () =>
    (await owner.api()).callOrThrow('members.list', { organizationId: owner.organizationId });
  const roleOf = async (email: string) => (await listed()).members.find((each) => each.email === email)?.role;

  /** An instance with an execution that only owners and admins see. */
  async function ownersInstance(): Promise<string> {
    const api = await owner.api();
    const { organizationId } = owner;
    const workflows = [{ workflowId: 'main', targetUrl: 'https://orders.example.com/run' }];
    const wanted = { organizationId, title: 'Orders', workflows };
    const { processInstanceId } = await api.callOrThrow('instances.create', wanted);
    await api.callOrThrow('instances.trigger', { processInstanceId, workflowId: 'main', payload: {} });
    return processInstanceId;
  }
  async function seesThatOthersMayHave({ page, api }: Person, processInstanceId: string): Promise<void> {
    for (const [place, title] of [
      ['instances', 'No instance that you may see'],
      ['executions', 'No execution that you may see'],
      ['keys', 'No key that you may see'],
    ] as const) {
      await page.goto(`/o/${owner.organizationId}/${place}`);
      await page.getByRole('heading', { level: 2, name: title }).waitFor();
      await page.getByText('There may be others: owners and admins see all').waitFor();
    }
    expect(await (await api()).call('instances.get', { processInstanceId })).toMatchObject({ status: 403 });
  }

  it('invite somebody, mail it again and withdraw it', async () => {
    const { page } = owner;
    const email = 'stranger@example.test';
    await owner.open('members');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('Email address').fill(email);
    await lookAt(owner, 'members-invite');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Invitations' }).getByText(email).waitFor();
    expect((await listed()).invitations).toMatchObject([{ email, role: 'developer' }]);
    await page.getByRole('button', { name: `Resend the invitation to ${email}` }).click();
    await page.getByText(`Mailed to ${email} again.`).waitFor();
    await page.getByRole('button', { name: `Withdraw the invitation of ${email}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await listed()).invitations).toEqual([]);
  });

  it('invite somebody once, also where the connection breaks and the button is pressed again', async () => {
    const { page, organizationId } = owner;
    const email = 'once@example.test';
    const alert = page.getByRole('dialog').getByRole('alert');
    await owner.open('members');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('Email address').fill(email);
    const send = () => page.getByRole('button', { name: 'Send invitation' }).click();
    await owner.withoutNetwork(async () => {
      await send();
      await alert.getByText('Cannot reach').waitFor();
      await alert.getByText('Check your connection').waitFor();
    });
    expect((await listed()).invitations).toEqual([]);
    await owner.withoutAnswers(`**/v1/organizations/${organizationId}/members`, async () => {
      await send();
      await alert.getByText('Cannot reach').waitFor();
    });
    await send();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await listed()).invitations).toMatchObject([{ email }]);
    const { events } = await (await owner.api()).callOrThrow('audit.list', {
      organizationId,
      action: 'member.invite',
    });
    const about = events.filter(({ details }) => details.email === email);
    expect(about).toHaveLength(1);
    expect(dashboard.mail.messages.filter(({ to }) => to.includes(email))).toHaveLength(1);
  });

  it('give somebody another role, and remove them after a question', async () => {
    const { page, organizationId } = owner;
    const bob = await dashboard.newcomer();
    await (await owner.api()).callOrThrow('members.invite', { organizationId, email: bob.email });
    await dashboard.mail.waitFor(bob.email);
    await bob.page.goto('/');
    await bob.page.getByRole('link', { name: 'Sign in' }).click();
    await bob.page.getByLabel('Email address').fill(bob.email);
    await bob.page.keyboard.press('Enter');
    await bob.page.getByRole('heading', { name: 'Check your email' }).waitFor();
    await bob.page.locator('input:focus').fill(await dashboard.mail.codeFor(bob.email));
    await bob.page.keyboard.press('Enter');
    await bob.page.getByRole('heading', { name: 'You are invited' }).waitFor();
    await lookAt(bob, 'members-invited');
    await bob.page.getByRole('button', { name: 'Continue' }).click();
    await bob.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    expect(await roleOf(bob.email)).toBe('developer');
    await seesThatOthersMayHave(bob, await ownersInstance());
    await owner.open('members');
    await page.getByRole('button', { name: `Change role of ${bob.email}` }).click();
    await page.getByRole('dialog').getByLabel('Role').selectOption('admin');
    await lookAt(owner, 'members-role');
    await page.getByRole('dialog').getByRole('button', { name: 'Change role' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await roleOf(bob.email)).toBe('admin');
    await page.getByRole('button', { name: `Remove ${bob.email}` }).click();
    await page.getByRole('dialog').getByText('stay valid until you revoke them').waitFor();
    await lookAt(owner, 'members-remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await roleOf(bob.email)).toBeUndefined();
    await bob.page.goto('/');
    await bob.page.getByRole('heading', { level: 1, name: 'Create your organization' }).waitFor();
    await bob.page.getByText('somebody has removed you').waitFor();
    await lookAt(bob, 'removed');
    await owner.open('audit');
    const events = page.getByRole('list', { name: 'Audit events' });
    for (const told of ['Joined as', 'Changed the role of', 'Removed']) {
      await events.getByText(`${told} the member ${bob.email}`).waitFor();
    }
  });

  it('refuse the last owner who would leave, and say why', async () => {
    const { page } = owner;
    await owner.open('members');
    await page.getByRole('button', { name: 'Leave the organization' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    expect(await roleOf(owner.email)).toBe('owner');
  });

  it('make a workspace, and grant a level in it', async () => {
    const { page, organizationId } = owner;
    await owner.open('members');
    await page.getByText('No workspaces in dev yet').waitFor();
    await page.getByRole('button', { name: 'New workspace' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Payments EU');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Workspaces' }).getByText('payments-eu').waitFor();
    const place = { organizationId, environment: 'dev' } as const;
    const { workspaces } = await (await owner.api()).callOrThrow('workspaces.list', place);
    expect(workspaces).toMatchObject([{ slug: 'payments-eu', name: 'Payments EU' }]);
    await page.getByRole('button', { name: 'Grant a level in payments-eu' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Set level' }).click();
    await page.getByText(`${owner.email} now has the level admin`).waitFor();
    await lookAt(owner, 'members-grant');
    await page.keyboard.press('Escape');
    await page.getByText(`Granted here: ${owner.email}: developer`).waitFor();
    await lookAt(owner, 'members');
  });

  it('delete a workspace with its keys, after a question', async () => {
    const { page, organizationId } = owner;
    const api = await owner.api();
    const place = { organizationId, environment: 'dev' } as const;
    const key = { ...place, name: 'worker', workspace: 'payments-eu', level: 'runner' } as const;
    await api.callOrThrow('environmentKeys.create', key);
    await owner.open('members');
    await page.getByRole('button', { name: 'Delete payments-eu' }).click();
    await lookAt(owner, 'members-delete-workspace');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByText('Keys that were revoked with it: 1').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('No workspaces in dev yet').waitFor();
    expect((await api.callOrThrow('workspaces.list', place)).workspaces).toEqual([]);
    const { keys } = await api.callOrThrow('keys.inventory', {
      organizationId,
      family: 'environment',
      state: 'all',
    });
    expect(keys).toMatchObject([{ name: 'worker', state: 'revoked' }]);
  });
});
