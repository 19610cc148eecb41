import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { Stripe } from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DoorTarget } from '../door-target.ts';
import type { Dashboard, Owner } from './journey.ts';
import { lookAt } from './look.ts';
import { type Stage, startStage } from './stage.ts';

const run = promisify(execFile);

const stripeSecret = 'whsec_EXAMPLE9f8a7b6c5d4e3f2a1b0c9d8e';
const webhookSecret = `whsec_${Buffer.alloc(24, 'samples of latchkey ').toString('base64')}`;

/** How a sample of each language is run. */
const runners: Readonly<Record<string, (code: string) => readonly [string, readonly string[]]>> = {
  curl: (code) => ['bash', ['-c', code]],
  JavaScript: (code) => [process.execPath, ['--input-type=module', '-e', code]],
  Python: (code) => ['python3', ['-c', code]],
};

const inputSchema = {
  type: 'object',
  required: ['orderId', 'customer'],
  properties: {
    orderId: { type: 'integer', minimum: 1, description: 'As the shop counts' },
    express: { type: 'boolean', title: 'Express delivery' },
    channel: { enum: ['web', 'phone'] },
    tags: { type: 'array', items: { type: 'string' } },
    customer: {
      type: 'object',
      title: 'Customer',
      required: ['name'],
      properties: { name: { type: 'string' }, address: { type: 'object' } },
    },
  },
};

const formats = [
  ...['date', 'date-time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'json-pointer'],
  ...['regex', 'time', 'uri', 'uri-reference', 'uuid'],
];
const rules = {
  ...Object.fromEntries(formats.map((format) => [format, { type: 'string', format }])),
  size: { enum: ['S', 'M'] },
  version: { const: 2 },
  price: { type: 'number', exclusiveMinimum: 0, maximum: 0.9 },
  age: { type: 'integer', minimum: 18, multipleOf: 5 },
  code: { type: 'string', pattern: '^[A-Z]{2}-\\d{4,}$', minLength: 10 },
  long: { type: 'string', minLength: 40, maxLength: 41 },
  currency: { type: 'string', default: 'CHF', pattern: '^[A-Z]{3}$' },
  sample: { type: 'string', examples: ['too long', 'A-7'], maxLength: 3 },
  ids: { type: 'array', items: { type: 'integer', minimum: 5 }, minItems: 3, uniqueItems: true },
  lines: { type: 'array', minItems: 1, items: { $ref: '#/$defs/line' } },
  either: { oneOf: [{ type: 'string', format: 'email' }, { $ref: '#/$defs/line' }] },
  both: { allOf: [{ type: 'integer', minimum: 3 }, { minimum: 5 }] },
};
/** Whatever a schema may say of a value, and all of it needed. */
const strictSchema = {
  ...{ type: 'object', required: Object.keys(rules), properties: rules, additionalProperties: false },
  $defs: {
    line: { type: 'object', required: ['sku'], properties: { sku: { type: 'string', pattern: '^\\w+$' } } },
  },
};

describe('process instances in the dashboard', () => {
  let stage: Stage;
  let dashboard: Dashboard;
  let owner: Owner;
  let target: DoorTarget;

  beforeAll(async () => {
    stage = await startStage();
    ({ dashboard, owner, target } = stage);
  });
  afterEach(() => {
    expect(owner.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => stage.close());

  const button = (name: string | RegExp): Locator => owner.page.getByRole('button', { name });
  const dialog = () => owner.page.getByRole('dialog');
  const tab = (name: string) => owner.page.getByRole('tab', { name, exact: true });

  /** An instance with one workflow, shown on its page. */
  async function opened(title: string, workflow: object = {}) {
    const { organizationId } = owner;
    const workflows = [{ workflowId: 'main', targetUrl: `${target.url}/run`, ...workflow }];
    const api = await owner.api();
    const made = await api.callOrThrow('instances.create', { organizationId, title, workflows });
    await owner.open(`instances/${made.processInstanceId}`);
    await owner.page.getByRole('heading', { level: 1, name: title }).waitFor();
    return { ...made, url: made.workflows[0]?.triggerUrl ?? '' };
  }
  async function executionsOf(processInstanceId: string) {
    const { organizationId } = owner;
    const question = { organizationId, processInstanceId, limit: 100 };
    return (await (await owner.api()).callOrThrow('executions.listOfOrganization', question)).executions;
  }
  async function send(url: string, body: string, headers: Record<string, string>): Promise<number> {
    const json = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers: { ...json, ...headers }, body })).status;
  }

  it('teach whoever has none what one is for, and are made with a key that works', async () => {
    const { page, organizationId } = owner;
    await owner.open('instances');
    await page.getByRole('heading', { name: 'Make the first instance' }).waitFor();
    await lookAt(owner, 'instances-none');
    await button('Create an instance').click();
    await dialog().getByLabel('Title').fill('Orders');
    await dialog().getByLabel('Target URL').fill(`${target.url}/run`);
    await lookAt(owner, 'instances-new');
    await button('Create instance').click();
    await dialog().getByText('can be triggered').waitFor();
    const secret = (await dialog().getByLabel('The new key').textContent()) ?? '';
    await dialog().getByRole('button', { name: 'Copy the key' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
    await dialog().getByRole('link', { name: 'Open Orders' }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
    const { instances } = await (await owner.api()).callOrThrow('instances.list', { organizationId });
    expect(instances).toMatchObject([{ title: 'Orders', workflows: [{ workflowId: 'main' }] }]);
    const url = `${dashboard.server.baseUrl}/webhook/${instances[0]?.processInstanceId}/main`;
    expect(await send(url, '{}', { 'x-api-key': secret })).toBe(200);
  });

  it('show their key, and programs that trigger from outside in each of the four ways', async () => {
    const { page, organizationId } = owner;
    const { processInstanceId, apiKey } = await opened('Shipping', { inputSchema: strictSchema });
    const api = await owner.api();
    const wanted = { organizationId, name: 'CI', scopes: ['workflows:trigger'] };
    const { apiKey: organizationKey } = await api.callOrThrow('keys.createForOrganization', wanted);
    const endpoint = { processInstanceId, workflowId: 'main' };
    await api.callOrThrow('signingSecrets.add', { ...endpoint, secret: webhookSecret });
    await tab('Public API Access').click();
    await lookAt(owner, 'instance-public-access');
    const sample = page.getByRole('region', { name: 'Sample', exact: true });
    expect(await sample.textContent()).not.toContain(apiKey);
    const masked = { ...process.env, LATCHKEY_INSTANCE_KEY: apiKey };
    const { stdout: begun } = await run('bash', ['-c', (await sample.textContent()) ?? ''], { env: masked });
    const { executionId: EXECUTION_ID } = JSON.parse(begun) as { executionId: string };
    const result = (await page.getByRole('region', { name: 'Result sample' }).textContent()) ?? '';
    const { stdout: read } = await run('bash', ['-c', result], { env: { ...masked, EXECUTION_ID } });
    expect(JSON.parse(read)).toMatchObject({ success: true, execution: { executionId: EXECUTION_ID } });
    await button('Show the key').click();
    await button('Copy the key').click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(apiKey);
    const env = { ...process.env, LATCHKEY_API_KEY: organizationKey, WEBHOOK_SECRET: webhookSecret };
    for (const way of ['instance-key', 'organization-key', 'signature', 'query-key']) {
      for (const [language, command] of Object.entries(runners)) {
        await page.getByLabel('Way in').selectOption(way);
        await page.getByLabel('Language').selectOption(language);
        const [file, parameters] = command((await sample.textContent()) ?? '');
        const { stdout } = await run(file, parameters, { env });
        expect(stdout, `${way}, ${language}`).toMatch(/success.{1,4}true/);
      }
    }
    const methods = (await executionsOf(processInstanceId)).map(({ startedBy }) => startedBy.method);
    for (const method of ['instance-key', 'organization-key', 'signature', 'query-key']) {
      expect(methods.filter((each) => each === method)).toHaveLength(method === 'instance-key' ? 4 : 3);
    }
    const hard = {
      type: 'object',
      required: ['code'],
      properties: { code: { type: 'string', pattern: '^(?=z).{9}$' } },
    };
    const workflows = [{ workflowId: 'main', targetUrl: `${target.url}/run`, inputSchema: hard }];
    await api.callOrThrow('instances.update', { processInstanceId, workflows });
    await page.reload();
    await page.getByText('The sample does not run as it stands').waitFor();
    expect(await sample.textContent()).toMatch(/^# Put a value of yours in, .*"\/code"\n/);
    const { events } = await api.callOrThrow('audit.list', { organizationId, action: 'instance.reveal_key' });
    expect(events).toMatchObject([{ actor: { email: owner.email }, resource: { id: processInstanceId } }]);
  });

  it('are triggered by a form of their input schema, and show what comes of it', async () => {
    const { page } = owner;
    const { processInstanceId } = await opened('Billing', { inputSchema });
    await page.getByRole('textbox', { name: 'orderId' }).fill('0');
    await page.getByLabel('name').fill('Grüße GmbH');
    await page.getByLabel('Express delivery').selectOption('true');
    await page.getByLabel('channel').selectOption('"phone"');
    await page.getByLabel('tags').fill('new\nurgent');
    await page.getByLabel('address').fill('{"city":"Bern"}');
    await button('Trigger').click();
    await page.getByText('At least 1.', { exact: true }).waitFor();
    expect(await page.getByRole('textbox', { name: 'orderId' }).getAttribute('aria-invalid')).toBe('true');
    await lookAt(owner, 'instance-trigger');
    expect(await executionsOf(processInstanceId)).toEqual([]);
    await page.getByRole('textbox', { name: 'orderId' }).fill('42');
    await button('Trigger').click();
    await page.getByText('Succeeded').waitFor();
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText('Grüße GmbH').waitFor();
    const [execution] = await executionsOf(processInstanceId);
    expect(execution).toMatchObject({ status: 'success', startedBy: { method: 'session' } });
    const { body } = await target.deliveryOf(execution?.executionId ?? '');
    expect(body).toMatchObject({
      orderId: 42,
      express: true,
      channel: 'phone',
      tags: ['new', 'urgent'],
      customer: { name: 'Grüße GmbH', address: { city: 'Bern' } },
    });
    await page.getByRole('link', { name: 'Open this execution' }).click();
    await page.getByRole('heading', { level: 1, name: 'Execution of main' }).waitFor();
    await page.getByRole('region', { name: 'Result' }).getByText('Grüße GmbH').waitFor();
    expect(page.url().split('/').at(-1)).toBe(execution?.executionId);
  });

  it('are triggered by the keyboard alone, and say why one failed', async () => {
    const { page } = owner;
    const { processInstanceId } = await opened('Stock', { targetUrl: `${target.url}/fail` });
    const { keyboard } = page;
    // From the heading of the page to the tab, and on into its panel.
    await page.getByRole('heading', { level: 1 }).focus();
    for (const name of ['Pause Stock', 'Trigger']) {
      await keyboard.press('Tab');
      expect(
        await page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent'),
      ).toBe(name);
    }
    await keyboard.press('Tab');
    await page.locator('textarea:focus').waitFor();
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('{"sku":"A-1"}');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await page.getByText('Failed').waitFor();
    expect(await executionsOf(processInstanceId)).toMatchObject([{ status: 'failed' }]);
    await lookAt(owner, 'instance-failed');
  });

  it('take the secret of Stripe, show its events, and explain one that was signed wrongly', async () => {
    const { page } = owner;
    const { processInstanceId, url } = await opened('Payments');
    await tab('API Access').click();
    await page.getByText('No signed message has come yet').waitFor();
    await button('Add a signing secret to main').click();
    await dialog().getByLabel('Secret').fill(stripeSecret);
    await dialog().getByLabel('Label').fill('Stripe, live');
    await lookAt(owner, 'instance-add-secret');
    await dialog().getByRole('button', { name: 'Add secret' }).click();
    await page.getByRole('list', { name: 'Signing secrets of main' }).getByText('Stripe, live').waitFor();
    expect(await page.content()).not.toContain(stripeSecret);

    const payload = JSON.stringify({ id: 'evt_1', object: 'event', type: 'invoice.paid' });
    const signed = (secret: string) => {
      const timestamp = Math.floor(Date.now() / 1000);
      return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
    };
    expect(await send(url, payload, { 'stripe-signature': signed(stripeSecret) })).toBe(200);
    const wrong = signed('whsec_EXAMPLEof_another_endpoint');
    expect(await send(url, payload, { 'stripe-signature': wrong })).toBe(401);
    const deliveries = page.getByRole('list', { name: 'Last deliveries to main' });
    await deliveries.getByText('signed with Stripe, live').waitFor();
    await deliveries.getByText('INVALID_SIGNATURE').waitFor();
    await deliveries.getByText('evt_1').first().waitFor();
    await deliveries.getByRole('link', { name: 'Open its execution' }).first().waitFor();
    await lookAt(owner, 'instance-api-access');
    expect(await executionsOf(processInstanceId)).toMatchObject([
      { startedBy: { method: 'signature', name: 'Stripe, live' } },
    ]);

    const api = await owner.api();
    await api.callOrThrow('instances.deactivate', { processInstanceId });
    expect(await send(url, payload, { 'stripe-signature': signed(stripeSecret) })).toBe(412);
    await deliveries.getByText('Activate the instance at the top of this page').waitFor();
    await api.callOrThrow('instances.activate', { processInstanceId });

    await button('Test the signing secrets of main').click();
    await button('Check each secret by itself').click();
    await dialog().getByText('Stripe, live verifies').waitFor();
    await dialog().getByLabel('Headers').fill(`stripe-signature: ${wrong}`);
    await dialog().getByLabel('Body').fill(payload);
    await button('Test the message').click();
    await dialog().getByText('It would be refused').waitFor();
    await lookAt(owner, 'instance-test-secret');
    await page.keyboard.press('Escape');
    await button('Retire Stripe, live').click();
    await dialog().getByRole('button', { name: 'Retire' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await send(url, payload, { 'stripe-signature': signed(stripeSecret) })).toBe(401);
  });

  it('get another key, and refuse the old one from then on', async () => {
    const { page } = owner;
    const { url, apiKey } = await opened('Returns');
    expect(await send(url, '{}', { 'x-api-key': apiKey })).toBe(200);
    await tab('Public API Access').click();
    await button('Replace the key').click();
    await dialog().getByText('cannot be undone').waitFor();
    await dialog().getByRole('button', { name: 'Replace' }).click();
    await page.getByText('The old one is refused from now on').waitFor();
    const secret = (await page.getByLabel('The instance key').textContent()) ?? '';
    expect(secret).not.toBe(apiKey);
    expect(await send(url, '{}', { 'x-api-key': apiKey })).toBe(401);
    expect(await send(url, '{}', { 'x-api-key': secret })).toBe(200);
  });

  it('pause after a question, go on, and are listed with how they did', async () => {
    const { page } = owner;
    const { url, apiKey, title } = await opened('Nightly');
    await button(`Pause ${title}`).click();
    await dialog().getByRole('button', { name: 'Pause' }).click();
    await button(`Activate ${title}`).waitFor();
    expect(await send(url, '{}', { 'x-api-key': apiKey })).toBe(412);
    await button(`Activate ${title}`).click();
    await dialog().getByRole('button', { name: 'Activate' }).click();
    await button(`Pause ${title}`).waitFor();
    expect(await send(url, '{}', { 'x-api-key': apiKey })).toBe(200);
    await owner.open('instances');
    const row = page.getByRole('listitem').filter({ hasText: 'Billing' });
    await row.getByText('100% succeeded').waitFor();
    await lookAt(owner, 'instances');
  });

  it('get another workflow, whose input schema becomes a form', async () => {
    const { page } = owner;
    const { processInstanceId } = await opened('Refunds');
    await tab('Settings').click();
    await button('Add a workflow').click();
    await dialog().getByLabel('Workflow id').fill('partial');
    await dialog().getByLabel('Target URL').fill(`${target.url}/run`);
    await dialog().getByLabel('Input schema').fill('{"type": "object", "properties": {"amount": {}}');
    await button('Add workflow').click();
    await dialog().getByText('A JSON object').waitFor();
    const schema = { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] };
    await dialog().getByLabel('Input schema').fill(JSON.stringify(schema));
    await lookAt(owner, 'instance-workflow');
    await button('Add workflow').click();
    await page.getByRole('list', { name: 'Workflows' }).getByText('partial').waitFor();
    await tab('Trigger').click();
    await page.getByLabel('Workflow').selectOption('partial');
    await page.getByRole('textbox', { name: 'amount' }).fill('12.5');
    await button('Trigger').click();
    await page.getByText('Succeeded').waitFor();
    expect(await executionsOf(processInstanceId)).toMatchObject([{ workflowId: 'partial' }]);
    await tab('Settings').click();
    await button('Remove main').click();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await button('Remove main').waitFor({ state: 'detached' });
    const read = await (await owner.api()).callOrThrow('instances.get', { processInstanceId });
    expect(read.workflows).toMatchObject([{ workflowId: 'partial', inputSchema: schema }]);
  });

  it('are set anew', async () => {
    const { page } = owner;
    const { processInstanceId, url, apiKey } = await opened('Invoices');
    await tab('Settings').click();
    await page.getByLabel('Title').fill('Invoices EU');
    await page.getByLabel('The key may stand in the URL').uncheck();
    await page.getByLabel('At most so many triggers').fill('1');
    await page.getByLabel('In so many seconds').fill('3600');
    await lookAt(owner, 'instance-settings');
    await button('Save').click();
    await page.getByText('Saved, and in force.').waitFor();
    const read = await (await owner.api()).callOrThrow('instances.get', { processInstanceId });
    expect(read).toMatchObject({
      title: 'Invoices EU',
      queryKeys: false,
      rateLimit: { requests: 1, windowSeconds: 3600 },
    });
    expect(await send(`${url}?api_key=${apiKey}`, '{}', {})).toBe(401);
    expect(await send(url, '{}', { 'x-api-key': apiKey })).toBe(200);
    expect(await send(url, '{}', { 'x-api-key': apiKey })).toBe(429);
  });

  it('keep the part that is looked at in their address, and are archived for good', async () => {
    const { page } = owner;
    const { processInstanceId, apiKey, url } = await opened('Leaving');
    await tab('API Access').click();
    await page.waitForURL(/[?]tab=api$/);
    await page.reload();
    await page.getByRole('link', { name: 'Public API Access' }).click();
    await page.getByText('For your own programs').waitFor();
    await page.waitForURL(/[?]tab=public$/);
    await tab('Settings').click();
    await button('Archive this instance').click();
    await dialog().getByText('This cannot be undone.').waitFor();
    await dialog().getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Archived', { exact: true }).waitFor();
    const read = await (await owner.api()).callOrThrow('instances.get', { processInstanceId });
    expect(read.archived).toBe(true);
    expect(await send(url, '{}', { 'x-api-key': apiKey })).toBe(401);
  });
});
