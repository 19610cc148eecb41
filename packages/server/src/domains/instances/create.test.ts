import { parseKey } from '@latchkey/keys';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { digestsOf } from '../keys/digests.ts';
import { ask, must } from '../people-for-tests.ts';
import { countRows, keyRow, tableText } from '../rows-for-tests.sql.ts';
import { loadDoor } from './index.ts';
import { type Company, foundCompany, made, mainWorkflow } from './instances-for-tests.ts';

const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

describeEachEngine('creating an instance', (open) => {
  let app: TestApp;
  let company: Company;
  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
  });
  afterAll(() => app.close());

  it('answers it whole, with its key and its project', async () => {
    const inputSchema = { type: 'object', required: ['order'] };
    const created = await made(app, company, company.owner, {
      workflows: [
        { ...mainWorkflow, inputSchema },
        { ...mainWorkflow, workflowId: 'second', mode: 'callback' },
      ],
      environment: 'prod',
      rateLimit: { requests: 5, windowSeconds: 60 },
    });
    const at = new Date(app.clock.now()).toISOString();
    const { processInstanceId, processId, apiKey, keyId, keyPrefix } = created;
    const shared = {
      targetUrl: mainWorkflow.targetUrl,
      timeoutSeconds: 300,
      idempotent: false,
    };
    const triggerUrl = (id: string) => `${app.deps.publicUrl()}/webhook/${processInstanceId}/${id}`;
    expect(created).toEqual({
      processInstanceId: uuid,
      processId: expect.stringMatching(/^[0-9A-Za-z]{20}$/),
      title: 'Orders',
      environment: 'prod',
      isActive: true,
      archived: false,
      currentVersion: '1.0',
      installedAt: at,
      lastExecutedAt: null,
      organizationId: company.organizationId,
      deployment: {
        deploymentInstanceId: processInstanceId,
        deploymentStatus: 'deployed',
        deploymentParameters: {},
        deploymentInputSchema: [],
        workflows: [
          { workflowId: 'main', n8nWorkflowId: null, workflowName: 'main' },
          { workflowId: 'second', n8nWorkflowId: null, workflowName: 'second' },
        ],
      },
      sharedWith: 'admins',
      queryKeys: true,
      maxConcurrency: 16,
      rateLimit: { requests: 5, windowSeconds: 60 },
      revision: 1,
      workflows: [
        {
          ...shared,
          workflowId: 'main',
          name: 'main',
          mode: 'sync',
          triggerUrl: triggerUrl('main'),
          inputSchema,
        },
        {
          ...shared,
          workflowId: 'second',
          name: 'second',
          mode: 'callback',
          triggerUrl: triggerUrl('second'),
          inputSchema: null,
        },
      ],
      keyId: uuid,
      keyPrefix: apiKey.slice(0, 12),
      apiKey: expect.any(String),
      webhookSecret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    expect(parseKey(apiKey)).toMatchObject({ ok: true, family: 'instance' });
    const project = await must(app, 'projects.get', { projectId: processId }, company.owner.token);
    expect(project).toMatchObject({ name: 'Orders', processId, hasPublishedProcess: true });
    expect(await keyRow(app.deps.store, keyId)).toMatchObject({
      family: 'instance',
      prefix: keyPrefix,
      organization_id: company.organizationId,
      instance_id: processInstanceId,
      user_id: null,
      scopes: '[]',
      expires_at: null,
    });
  });

  it('keeps neither of its secrets readably', async () => {
    const { apiKey, webhookSecret } = await made(app, company, company.owner);
    for (const table of ['api_keys', 'process_instances', 'audit_events'] as const) {
      const text = await tableText(app.deps.store, table);
      for (const secret of [apiKey, webhookSecret]) expect(text).not.toContain(secret.slice(12, 40));
    }
  });

  it('lets the door in on what it has to know', async () => {
    const { processInstanceId, processId, apiKey, keyId, webhookSecret } = await made(
      app,
      company,
      company.owner,
      { workflows: [{ ...mainWorkflow, inputSchema: { type: 'object', required: ['order'] } }] },
    );
    const { db } = app.deps.store;
    const door = await loadDoor(db, app.deps.secrets, processInstanceId);
    const [digest] = digestsOf(app.deps.secrets, apiKey);
    expect(door).toMatchObject({
      instanceId: processInstanceId,
      organizationId: company.organizationId,
      projectId: processId,
      environment: 'dev',
      revision: 1,
      isActive: true,
      isArchived: false,
      queryKeys: true,
      maxConcurrency: 16,
      rateLimit: null,
      key: { keyId, digest, rateLimit: null },
      signingSecrets: [],
    });
    const main = door?.workflows.get('main');
    expect(main).toMatchObject({ targetUrl: mainWorkflow.targetUrl, mode: 'sync', timeoutSeconds: 300 });
    expect(main?.payloadProblem({ order: 1 })).toBeUndefined();
    expect(main?.payloadProblem({})).toBe('the whole lacks order.');
    const signs = door?.webhookSecret().export().toString('base64');
    expect(`whsec_${signs}`).toBe(webhookSecret);
    expect(await loadDoor(db, app.deps.secrets, 'not-there')).toBeUndefined();
  });

  it('uses a project that is there, and makes none then', async () => {
    const { organizationId, owner } = company;
    const { projectId } = await must(app, 'projects.create', { organizationId, name: 'Both' }, owner.token);
    const before = await countRows(app.deps.store, 'projects');
    const answers = [
      await made(app, company, owner, { projectId }),
      await made(app, company, owner, { projectId, organizationId: undefined, environment: 'sandbox' }),
    ];
    expect(answers.map(({ processId }) => processId)).toEqual([projectId, projectId]);
    expect(await countRows(app.deps.store, 'projects')).toBe(before);
  });

  describe('is refused', () => {
    const bad: Readonly<Record<string, readonly [code: string, input: object]>> = {
      'with a target at a private address': [
        'TARGET_NOT_ALLOWED',
        { workflows: [{ workflowId: 'main', targetUrl: 'http://10.0.0.1/run' }] },
      ],
      'with a schema that is none': [
        'INVALID_INPUT_SCHEMA',
        { workflows: [{ ...mainWorkflow, inputSchema: { type: 'text' } }] },
      ],
      'without a workflow': ['INVALID_REQUEST', { workflows: [] }],
      'with two workflows of one id': ['INVALID_REQUEST', { workflows: [mainWorkflow, mainWorkflow] }],
      'with an empty title': ['INVALID_REQUEST', { title: ' ' }],
      'with a project that is not there': ['PROJECT_NOT_FOUND', { projectId: 'not-there' }],
      'without an organization': ['ORGANIZATION_REQUIRED', { organizationId: undefined }],
      'in an organization that is not there': ['ORGANIZATION_NOT_FOUND', { organizationId: 'not-there' }],
    };
    it.each(Object.entries(bad))('%s', async (_what, [code, input]) => {
      const before = await countRows(app.deps.store, 'process_instances');
      const { organizationId, owner } = company;
      const whole = { organizationId, title: 'Orders', workflows: [mainWorkflow], ...input };
      const sent = JSON.parse(JSON.stringify(whole));
      expect(refusal(await ask(app, 'instances.create', sent, owner.token)).code).toBe(code);
      expect(await countRows(app.deps.store, 'process_instances')).toBe(before);
    });
  });
});
