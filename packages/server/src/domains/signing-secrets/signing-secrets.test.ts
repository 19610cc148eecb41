import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { loadDoor, signingSecretPurpose } from '../instances/index.ts';
import { type Company, foundCompany, made, mainWorkflow } from '../instances/instances-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { tableText } from '../rows-for-tests.sql.ts';
import { secretFromText } from '../signatures/index.ts';

const githubSecret = 'it is only a test';
const pasted = { scheme: 'github', secret: githubSecret };

describeEachEngine('signing secrets', (open) => {
  let app: TestApp;
  let company: Company;
  let endpoint: { processInstanceId: string; workflowId: string };
  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
  });
  beforeEach(async () => {
    const workflows = [mainWorkflow, { ...mainWorkflow, workflowId: 'second' }];
    const { processInstanceId } = await made(app, company, company.developer, { workflows });
    endpoint = { processInstanceId, workflowId: 'main' };
  });
  afterAll(() => app.close());

  const call = (id: Parameters<typeof ask>[1], input: object = {}) =>
    ask(app, id, { ...endpoint, ...input }, company.developer.token);
  const add = (input: object = {}) =>
    must(app, 'signingSecrets.add', { ...endpoint, ...pasted, ...input }, company.developer.token);

  it('are added and answered without the secret', async () => {
    const added = await add({ label: 'GitHub, main' });
    expect(added).toEqual({
      signingSecretId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      workflowId: 'main',
      scheme: 'github',
      label: 'GitHub, main',
      state: 'active',
      createdAt: new Date(app.clock.now()).toISOString(),
      retiredAt: null,
    });
    expect(await add()).toMatchObject({ label: 'github' });
  });

  it('are kept sealed, and are opened by the door as what was pasted', async () => {
    const { signingSecretId } = await add({ toleranceSeconds: 60 });
    for (const table of ['signing_secrets', 'audit_events'] as const) {
      const text = await tableText(app.deps.store, table);
      expect(text).not.toContain(githubSecret);
      expect(text).not.toContain(Buffer.from(githubSecret).toString('base64url'));
    }
    const { secrets, store } = app.deps;
    const door = await loadDoor(store.db, secrets, endpoint.processInstanceId);
    const [sealed] = door?.signingSecrets ?? [];
    expect(sealed).toMatchObject({ signingSecretId, workflowId: 'main', scheme: 'github', isActive: true });
    const text = secrets.unseal(sealed?.sealed ?? '', signingSecretPurpose(signingSecretId));
    const opened = secretFromText(text, { id: signingSecretId, retired: false });
    expect(opened.toleranceSeconds).toBe(60);
    expect(opened.key.export()).toEqual(Buffer.from(githubSecret));
  });

  it('are listed oldest first with those that were retired, of one workflow', async () => {
    const labels = ['one', 'two', 'three'];
    const ids = [];
    for (const label of labels) {
      app.clock.advance(1000);
      ids.push((await add({ label })).signingSecretId);
    }
    await add({ workflowId: 'second' });
    await call('signingSecrets.retire', { signingSecretId: ids[1] });
    const { signingSecrets } = (await call('signingSecrets.list')).body.data;
    expect(signingSecrets).toMatchObject([
      { label: 'one', state: 'active' },
      { label: 'two', state: 'retired', retiredAt: new Date(app.clock.now()).toISOString() },
      { label: 'three', state: 'active' },
    ]);
    expect(JSON.stringify(signingSecrets)).not.toContain(githubSecret);
  });

  it('get another label, also once they are retired', async () => {
    const { signingSecretId } = await add();
    expect((await call('signingSecrets.update', { signingSecretId, label: 'x' })).body.data.label).toBe('x');
    await call('signingSecrets.retire', { signingSecretId });
    const { body } = await call('signingSecrets.update', { signingSecretId, label: 'y' });
    expect(body.data).toMatchObject({ label: 'y', state: 'retired' });
  });

  it('are retired once; again answers the first time and leaves no event', async () => {
    const { signingSecretId } = await add();
    const first = await call('signingSecrets.retire', { signingSecretId });
    app.clock.advance(60_000);
    const before = await tableText(app.deps.store, 'audit_events');
    const second = await call('signingSecrets.retire', { signingSecretId });
    expect(second.body.data).toEqual(first.body.data);
    expect(await tableText(app.deps.store, 'audit_events')).toBe(before);
  });

  it('are at most 20 by workflow; retiring one makes room', async () => {
    const ids = [];
    for (let index = 0; index < 20; index += 1) ids.push((await add()).signingSecretId);
    const refused = await call('signingSecrets.add', pasted);
    expect(refusal(refused)).toEqual({
      status: 409,
      code: 'SIGNING_SECRET_LIMIT',
      details: { limit: 20 },
    });
    await add({ workflowId: 'second' });
    await call('signingSecrets.retire', { signingSecretId: ids[7] });
    await add();
  });

  describe('are refused', () => {
    it('when they cannot be used, with the reason and without the text', async () => {
      const bad = [
        { scheme: 'standard', secret: 'v1,whsec_abc' },
        { scheme: 'stripe', secret: 'sk_test_whatever_it_is' },
        { scheme: 'github', secret: 'sesame' },
      ];
      for (const input of bad) {
        const answer = await call('signingSecrets.add', input);
        expect(refusal(answer)).toMatchObject({ status: 400, code: 'INVALID_SIGNING_SECRET' });
        expect(JSON.stringify(answer.body)).not.toContain(input.secret);
      }
    });

    it('of a workflow, or with an id, that is not there', async () => {
      const { signingSecretId } = await add({ workflowId: 'second' });
      const answers = [
        ['WORKFLOW_NOT_FOUND', await call('signingSecrets.add', { ...pasted, workflowId: 'third' })],
        ['WORKFLOW_NOT_FOUND', await call('signingSecrets.list', { workflowId: 'third' })],
        ['SIGNING_SECRET_NOT_FOUND', await call('signingSecrets.retire', { signingSecretId })],
        ['SIGNING_SECRET_NOT_FOUND', await call('signingSecrets.update', { signingSecretId, label: 'x' })],
      ] as const;
      for (const [code, answer] of answers) expect(refusal(answer)).toEqual({ status: 404, code });
    });
  });
});
