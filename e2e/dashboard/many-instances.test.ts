import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../database.ts';
import type { Owner } from './journey.ts';
import { lookAt } from './look.ts';
import { type Stage, startStage } from './stage.ts';

const count = 500;

/** As many again as one that was made, each a millisecond older than the one before, so that it comes after it. */
function seedOf(processInstanceId: string): readonly string[] {
  const numbers = `with recursive numbers (n) as (select 2 union all select n + 1 from numbers where n < ${count})`;
  const id = "printf('019d312f-0000-7000-8000-%012d', n)";
  const made = `numbers, process_instances where id = '${processInstanceId}'`;
  return [
    `insert into process_instances (
        id, organization_id, project_id, environment, title, version, owner_user_id, shared_with, is_active,
        query_keys, max_concurrency, webhook_secret_sealed, revision, created_at
      )
      ${numbers}
      select ${id}, organization_id, project_id, iif(n % 5 = 0, 'prod', 'dev'), printf('Shop %03d', n), version,
        owner_user_id, shared_with, n % 100 <> 0, query_keys, max_concurrency, webhook_secret_sealed, revision,
        created_at - n
      from ${made}`,
    `insert into workflows (
        instance_id, workflow_id, position, trigger_id, name, target_url, mode, timeout_seconds, idempotent
      )
      ${numbers}
      select ${id}, workflow_id, position, 'seeded-' || n, iif(n = 387, 'Refund of vouchers', name), target_url, mode,
        timeout_seconds, idempotent
      from numbers, workflows where instance_id = '${processInstanceId}'`,
  ];
}

describe('five hundred instances in the dashboard', () => {
  let stage: Stage;
  let owner: Owner;
  beforeAll(async () => {
    stage = await startStage();
    ({ owner } = stage);
    const { organizationId } = owner;
    const workflows = [{ workflowId: 'main', targetUrl: stage.target.url }];
    const first = { organizationId, title: 'Shop 001', workflows };
    const { processInstanceId } = await (await owner.api()).callOrThrow('instances.create', first);
    const { dataDir } = stage.dashboard.server;
    const database = await openDatabase({ engine: 'sqlite', dataDir, databaseUrl: undefined });
    for (const sql of seedOf(processInstanceId)) await database.change(sql);
    await database.close();
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => stage.close());

  const rows = () => owner.page.getByRole('list', { name: 'Instances' }).getByRole('listitem');
  const row = (title: string) => rows().filter({ hasText: title });
  const button = (name: string) => owner.page.getByRole('button', { name, exact: true });
  const status = (text: string) => owner.page.getByRole('status').getByText(text, { exact: true });

  it('are all counted, and paged through to the last', async () => {
    const { page, organizationId } = owner;
    await owner.open('instances');
    await status('500 instances').waitFor();
    expect(await rows().count()).toBe(50);
    await lookAt(owner, 'instances-many');
    for (let last = 100; last <= count; last += 50) {
      await button('Next').click();
      await status(`${last - 49} to ${last} of 500`).waitFor();
      await row(`Shop ${last}`).waitFor();
    }
    expect(await button('Next').isDisabled()).toBe(true);
    await page.waitForURL(/\?page=%2210%22$/);
    await page.reload();
    await row('Shop 500').waitFor();
    await button('Previous').click();
    await row('Shop 450').waitFor();
    const answer = await (await owner.api()).callOrThrow('instances.list', { organizationId, offset: 499 });
    expect(answer).toMatchObject({ total: count, instances: [{ title: 'Shop 500' }] });
  });

  it('are found by the name of a workflow, and the one that was meant is paused', async () => {
    const { page, organizationId } = owner;
    await owner.open('instances?page=10');
    await page.getByLabel('Search').fill('vouch');
    await status('1 instance').waitFor();
    await button('Pause Shop 387').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
    await row('Shop 387').getByText('Paused').waitFor();
    const asked = { organizationId, text: 'Shop 387' };
    const { instances } = await (await owner.api()).callOrThrow('instances.list', asked);
    expect(instances).toMatchObject([{ title: 'Shop 387', isActive: false }]);
    await row('Shop 387').getByRole('link', { name: 'Shop 387' }).click();
    await page.getByRole('link', { name: 'Its executions' }).click();
    await page.getByText('No execution is like this').waitFor();
    await page
      .getByLabel('Instance')
      .locator('option:checked', { hasText: 'Shop 387 (Development)' })
      .waitFor({
        state: 'attached',
      });
  });

  it('are found by state and environment, which a link to them says', async () => {
    const { page } = owner;
    await owner.open('instances');
    await page.getByLabel('State').selectOption('paused');
    await page.getByLabel('Environment').selectOption('prod');
    await status('5 instances').waitFor();
    await page.waitForURL(/\?state=paused&environment=prod$/);
    await page.reload();
    await row('Shop 300').waitFor();
    await page.getByLabel('State').selectOption('archived');
    await page.getByText('No instance is like this').waitFor();
    await button('Show all instances').click();
    await status('500 instances').waitFor();
  });
});
