import type { Output, Request } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { must } from '../people-for-tests.ts';
import { type Company, foundCompany, made, mainWorkflow } from './instances-for-tests.ts';

type Asked = Omit<Request<'instances.list'>, 'organizationId'>;

describeEachEngine('the list of instances', (open) => {
  let app: TestApp;
  let company: Company;
  let orders: Output<'instances.create'>;

  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
    const { owner } = company;
    orders = await made(app, company, owner, { title: 'Orders 100%', environment: 'prod' });
    const invoices = { ...mainWorkflow, workflowId: 'monthly', name: 'Invoices of a month' };
    await next({ title: 'Übergabe', workflows: [mainWorkflow, invoices] });
    const { processInstanceId } = await next({ title: 'Returns', environment: 'prod' });
    await must(app, 'instances.deactivate', { processInstanceId }, owner.token);
    await next({ title: 'Shared', sharedWith: 'everyone' });
    const gone = await next({ title: 'Archived orders' });
    await must(app, 'instances.archive', { processInstanceId: gone.processInstanceId }, owner.token);
    const others = await foundCompany(app);
    await made(app, others, others.owner, { title: 'Orders of others' });
  });
  afterAll(() => app.close());

  async function next(input: object) {
    app.clock.advance(1000);
    return made(app, company, company.owner, input);
  }
  async function list(input: Asked = {}, { token } = company.owner) {
    const { organizationId } = company;
    return must(app, 'instances.list', { organizationId, ...input }, token);
  }
  async function titles(input?: Asked, by = company.owner): Promise<string[]> {
    return (await list(input, by)).instances.map(({ title }) => title);
  }

  it.each([
    [{ text: 'ORDERS' }, ['Orders 100%']],
    [{ text: '0%' }, ['Orders 100%']],
    [{ text: 'r_e' }, []],
    [{ text: 'Überg' }, ['Übergabe']],
    [{ text: 'of a month' }, ['Übergabe']],
    [{ text: 'monthl' }, ['Übergabe']],
    [{ text: 'orders', archived: true }, ['Archived orders']],
    [{ state: 'paused' }, ['Returns']],
    [{ state: 'active' }, ['Shared', 'Übergabe', 'Orders 100%']],
    [{ state: 'active', environment: 'prod' }, ['Orders 100%']],
    [{ state: 'active', environment: 'prod', text: 'returns' }, []],
  ] as const)('finds by %o', async (input, found) => {
    expect(await titles(input)).toEqual(found);
    expect((await list(input)).total).toBe(found.length);
  });

  it('finds one by a part of its id', async () => {
    const text = orders.processInstanceId.slice(-12).toUpperCase();
    expect(await titles({ text })).toEqual(['Orders 100%']);
  });

  it('goes on from any place, and counts all that there are on each page', async () => {
    expect(await list({ limit: 2, offset: 1 })).toMatchObject({
      instances: [{ title: 'Returns' }, { title: 'Übergabe' }],
      count: 2,
      total: 4,
    });
    expect(await list({ offset: 100 })).toMatchObject({ instances: [], count: 0, total: 4 });
  });

  it('neither finds nor counts what somebody does not see', async () => {
    expect(await list({ text: 'r' }, company.runner)).toMatchObject({
      instances: [{ title: 'Shared' }],
      total: 1,
    });
  });
});
