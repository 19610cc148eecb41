import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { digestsOf } from '../keys/digests.ts';
import { ask, must } from '../people-for-tests.ts';
import { keyRow } from '../rows-for-tests.sql.ts';
import { type Door, loadDoor } from './index.ts';
import { type Company, foundCompany, made, mainWorkflow } from './instances-for-tests.ts';

const pasted = { workflowId: 'main', scheme: 'github', secret: 'not so secret' };

describeEachEngine('an instance that is there', (open) => {
  let app: TestApp;
  let company: Company;
  let created: Awaited<ReturnType<typeof made>>;
  /** The instance as the input of a call. */
  let one: { processInstanceId: string };
  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
  });
  beforeEach(async () => {
    created = await made(app, company, company.developer);
    one = { processInstanceId: created.processInstanceId };
  });
  afterAll(() => app.close());

  const call = (id: Parameters<typeof ask>[1], input: object = {}) =>
    ask(app, id, { ...one, ...input }, company.owner.token);
  async function door(): Promise<Door> {
    const found = await loadDoor(app.deps.store.db, app.deps.secrets, one.processInstanceId);
    if (found === undefined) throw new Error('the instance is gone');
    return found;
  }

  it('is read with exactly 3 keys by workflow, or exactly 7', async () => {
    const brief = await must(app, 'instances.get', one, company.owner.token);
    const [workflow = {}] = brief.deployment?.workflows ?? [];
    expect(Object.keys(workflow).sort()).toEqual(['n8nWorkflowId', 'workflowId', 'workflowName']);
    const published = await app.call('/getprocessinstancepublic', {
      body: { ...one, includeWorkflowDetails: true },
      headers: { authorization: `Bearer ${company.owner.token}` },
    });
    expect(published.body.data.deployment.workflows).toEqual([
      {
        workflowId: 'main',
        n8nWorkflowId: null,
        workflowName: 'main',
        n8nWorkflowIsActive: null,
        triggers: [{ type: 'http', method: 'POST' }],
        cost: null,
        integrationUids: [],
      },
    ]);
    expect(JSON.stringify([brief, published.body])).not.toContain(created.apiKey);
  });

  it('is listed with exactly its keys, by environment and by whether it is archived', async () => {
    const mine = await foundCompany(app);
    const token = mine.owner.token;
    const { organizationId } = mine;
    const list = async (input: object) => {
      const listed = await must(app, 'instances.list', { organizationId, ...input }, token);
      expect(listed).toMatchObject({ organizationId, count: listed.instances.length });
      return listed.instances;
    };
    const dev = await made(app, mine, mine.owner, { title: 'Dev' });
    app.clock.advance(1000);
    await made(app, mine, mine.owner, { title: 'Prod', environment: 'prod' });
    await must(app, 'instances.deactivate', { processInstanceId: dev.processInstanceId }, token);
    expect((await list({})).map(({ title }) => title)).toEqual(['Prod', 'Dev']);
    expect((await list({ environment: 'prod' })).map(({ title }) => title)).toEqual(['Prod']);
    expect(await list({ environment: 'sandbox' })).toEqual([]);
    expect(await list({ limit: 1 })).toHaveLength(1);
    expect(await list({ archived: true })).toEqual([]);
    await must(app, 'instances.archive', { processInstanceId: dev.processInstanceId }, token);
    expect(await list({ archived: true })).toEqual([
      {
        workflows: [{ workflowId: 'main', name: 'main' }],
        processInstanceId: dev.processInstanceId,
        processId: dev.processId,
        title: 'Dev',
        environment: 'dev',
        isActive: false,
        archived: true,
        currentVersion: '1.0',
        installedAt: dev.installedAt,
        lastExecutedAt: null,
        inactiveReason: 'archived',
      },
    ]);
    expect((await list({})).map(({ title }) => title)).toEqual(['Prod']);
  });

  describe('is updated', () => {
    it('in what is given and nothing else', async () => {
      const { keyId: _k, apiKey: _a, webhookSecret: _w, ...before } = created;
      const changes = {
        title: 'Renamed',
        sharedWith: 'everyone',
        queryKeys: false,
        maxConcurrency: 2,
        rateLimit: { requests: 1, windowSeconds: 2 },
      };
      let whole: object = { ...before, revision: expect.any(Number) };
      for (const [name, value] of Object.entries(changes)) {
        whole = { ...whole, [name]: value };
        expect((await call('instances.update', { [name]: value })).body.data).toEqual(whole);
        expect((await call('instances.get')).body.data).toEqual(whole);
      }
      const { body } = await call('instances.update', { rateLimit: null });
      expect(body.data).toEqual({ ...whole, rateLimit: null });
    });

    it('in its workflows as a whole list; one that keeps its id keeps its trigger', async () => {
      await call('instances.update', { workflows: [mainWorkflow, { ...mainWorkflow, workflowId: 'old' }] });
      const { triggerId } = (await door()).workflows.get('main') ?? {};
      await call('signingSecrets.add', { ...pasted, workflowId: 'old' });
      const workflows = [
        { ...mainWorkflow, workflowId: 'new' },
        { ...mainWorkflow, targetUrl: 'http://127.0.0.1:9/changed', idempotent: true },
      ];
      const { body } = await call('instances.update', { workflows });
      expect(body.data.workflows.map(({ workflowId }: { workflowId: string }) => workflowId)).toEqual([
        'new',
        'main',
      ]);
      const after = await door();
      expect([...after.workflows.keys()]).toEqual(['new', 'main']);
      expect(after.workflows.get('main')).toMatchObject({
        triggerId,
        targetUrl: 'http://127.0.0.1:9/changed',
        idempotent: true,
      });
      expect(after.workflows.get('new')?.triggerId).not.toBe(triggerId);
      // Its id may come back, and must not bring them with it.
      expect(after.signingSecrets.map(({ isActive }) => isActive)).toEqual([false]);
    });

    it('at the revision at which it was read, where that is said, and at no other', async () => {
      const { revision } = (await call('instances.get')).body.data;
      const first = await call('instances.update', { title: 'First', revision });
      expect(first.body.data).toMatchObject({ title: 'First' });
      const workflows = [{ ...mainWorkflow, targetUrl: 'http://127.0.0.1:9/lost' }];
      const refused = [
        await call('instances.update', { title: 'Second', revision }),
        await call('instances.update', { workflows, revision: first.body.data.revision + 1 }),
        await call('instances.update', { revision: first.body.data.revision }),
      ].map((answer) => refusal(answer).code);
      expect(refused).toEqual(['INSTANCE_CHANGED', 'INSTANCE_CHANGED', 'INVALID_REQUEST']);
      expect((await call('instances.get')).body.data).toEqual(first.body.data);
      const again = await call('instances.update', { workflows, revision: first.body.data.revision });
      expect(again.body.data).toMatchObject({ title: 'First', workflows });
    });

    it('only by something, and only to what is allowed', async () => {
      const before = await door();
      const bad = [
        [{}, 'INVALID_REQUEST'],
        [{ workflows: [] }, 'INVALID_REQUEST'],
        [{ workflows: [{ ...mainWorkflow, targetUrl: 'ftp://example.com/' }] }, 'TARGET_NOT_ALLOWED'],
        [{ workflows: [{ ...mainWorkflow, inputSchema: { $ref: 'x' } }] }, 'INVALID_INPUT_SCHEMA'],
      ] as const;
      for (const [input, code] of bad) {
        expect(refusal(await call('instances.update', input)).code).toBe(code);
      }
      expect((await door()).revision).toBe(before.revision);
    });
  });

  it('is paused and activated, each once', async () => {
    const paused = { ...one, isActive: false, workflowCount: 1 };
    expect((await call('instances.deactivate')).body.data).toEqual(paused);
    expect(refusal(await call('instances.deactivate'))).toMatchObject({
      status: 409,
      code: 'INSTANCE_STATE_UNCHANGED',
    });
    expect(await door()).toMatchObject({ isActive: false, inactiveReason: 'user_paused' });
    expect((await call('instances.activate')).body.data).toEqual({ ...paused, isActive: true });
    expect(refusal(await call('instances.activate')).code).toBe('INSTANCE_STATE_UNCHANGED');
    expect(await door()).toMatchObject({ isActive: true, inactiveReason: null });
  });

  it('is archived for good, with its key and its signing secrets', async () => {
    const { body: added } = await call('signingSecrets.add', pasted);
    const archivedAt = new Date(app.clock.now()).toISOString();
    expect((await call('instances.archive')).body.data).toEqual({ ...one, archivedAt });
    expect(await door()).toMatchObject({ isArchived: true, isActive: false, key: null });
    expect((await door()).signingSecrets.map(({ isActive }) => isActive)).toEqual([false]);
    expect((await keyRow(app.deps.store, created.keyId)).revoked_at).toBe(app.clock.now());
    expect((await call('instances.get')).body.data).toMatchObject({ archived: true, keyPrefix: '' });
    expect(refusal(await call('instances.archive')).code).toBe('INSTANCE_STATE_UNCHANGED');
    const { signingSecretId } = added.data;
    const changes = [
      await call('instances.update', { title: 'x' }),
      await call('instances.activate'),
      await call('instances.deactivate'),
      await call('instances.revealKey'),
      await call('instances.regenerateKey'),
      await call('signingSecrets.add', pasted),
    ];
    for (const answer of changes) {
      expect(refusal(answer)).toEqual({ status: 412, code: 'INSTANCE_INACTIVE' });
      expect(answer.body.error.message).toBe('This process instance is archived.');
    }
    const retired = await call('signingSecrets.retire', { workflowId: 'main', signingSecretId });
    expect(retired.body.data.retiredAt).toBe(archivedAt);
  });

  it('shows its secrets as often as they are asked for', async () => {
    const { processInstanceId, keyId, keyPrefix, apiKey, webhookSecret } = created;
    for (let time = 0; time < 2; time += 1) {
      const { body } = await call('instances.revealKey');
      expect(body.data).toEqual({ processInstanceId, keyId, keyPrefix, apiKey, webhookSecret });
    }
  });

  it('gets another key, and the old one is dead when the answer is there', async () => {
    const { body } = await call('instances.regenerateKey');
    const fresh = body.data;
    expect(fresh).toMatchObject({ ...one, webhookSecret: created.webhookSecret });
    expect(fresh.apiKey).not.toBe(created.apiKey);
    const { key } = await door();
    expect(digestsOf(app.deps.secrets, fresh.apiKey)).toEqual([key?.digest]);
    expect(digestsOf(app.deps.secrets, created.apiKey)).not.toEqual([key?.digest]);
    expect((await keyRow(app.deps.store, created.keyId)).revoked_at).toBe(app.clock.now());
    expect((await call('instances.revealKey')).body.data).toEqual(fresh);
    expect((await call('instances.get')).body.data.keyPrefix).toBe(fresh.keyPrefix);
  });

  it('has a key that is neither listed nor managed as a key', async () => {
    const { organizationId, owner } = company;
    const { keys } = await must(
      app,
      'keys.listOfOrganization',
      { organizationId, state: 'all' },
      owner.token,
    );
    expect(keys.map(({ keyId }) => keyId)).not.toContain(created.keyId);
    const { keyId } = created;
    const answers = [
      await ask(app, 'keys.revoke', { keyId }, owner.token),
      await ask(app, 'keys.update', { keyId, name: 'Mine' }, owner.token),
    ];
    for (const answer of answers) expect(refusal(answer).code).toBe('KEY_NOT_FOUND');
  });

  it('moves its revision with every change, and with no refusal and no reading', async () => {
    const signingSecretId = (await call('signingSecrets.add', pasted)).body.data.signingSecretId;
    const secret = { workflowId: 'main', signingSecretId };
    const changes = [
      ['instances.update', { title: 'x' }],
      ['instances.update', { workflows: [mainWorkflow] }],
      ['instances.deactivate', {}],
      ['instances.activate', {}],
      ['instances.regenerateKey', {}],
      ['signingSecrets.add', pasted],
      ['signingSecrets.update', { ...secret, label: 'x' }],
      ['signingSecrets.retire', secret],
      ['instances.archive', {}],
    ] as const;
    const still = [
      ['instances.get', {}],
      ['signingSecrets.list', { workflowId: 'main' }],
      ['signingSecrets.add', { ...pasted, workflowId: 'not-there' }],
      ['instances.update', {}],
    ] as const;
    for (const [id, input] of changes) {
      const { revision } = await door();
      for (const [quiet, nothing] of still) await call(quiet, nothing);
      expect((await door()).revision).toBe(revision);
      expect((await call(id, input)).status, id).toBe(200);
      expect((await door()).revision, id).toBeGreaterThan(revision);
    }
  });
});
