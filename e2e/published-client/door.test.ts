import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Output, organizationScopes } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../clients.ts';
import { type DoorTarget, startDoorTarget } from '../door-target.ts';
import { call, dataOf } from '../http-client.ts';
import { transcript } from '../transcript.ts';
import { type Account, startWorld, type World } from '../world.ts';

const unknownId = '019d312f-0000-7000-8000-00000000000a';
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
const iso = expect.stringMatching(/^20.*Z$/);

interface Failure {
  readonly success: false;
  readonly error: { readonly message: string };
}

describeEachEngine('the published client: the door', (open) => {
  let world: World;
  let target: DoorTarget;
  let account: Account;
  let client: Client;
  let key: string;
  let instance: Output<'instances.create'>;
  beforeAll(async () => {
    world = await startWorld(await open());
    target = await startDoorTarget();
    account = await world.account();
    client = world.client('codika');
    key = (await world.mint(account, organizationScopes)).apiKey;
    instance = await create('Orders');
  });
  afterAll(async () => {
    await world.close();
    await target.close();
  });

  async function create(title: string, by = key, more: object = {}): Promise<Output<'instances.create'>> {
    const workflows = [
      { workflowId: 'main', targetUrl: `${target.url}/run` },
      { workflowId: 'fails', targetUrl: `${target.url}/fail` },
    ];
    const url = `${world.server.baseUrl}/v1/instances`;
    return dataOf(await call('instances.create', url, { title, workflows, ...more }, { key: by }));
  }

  const at = (id = instance.processInstanceId) => ['--process-instance-id', id];
  const withKey = (secret = key) => ['--api-key', secret];

  function payloadFile(content: string): string {
    const path = join(client.home, `payload-${Math.random()}.json`);
    writeFileSync(path, content);
    return path;
  }

  async function triggered(workflowId = 'main'): Promise<string> {
    const args = ['trigger', workflowId, ...at(), ...withKey(), '--poll'];
    const { body } = await client.json<{ executionId: string }>(args);
    return body.executionId;
  }

  describe('trigger', () => {
    it('starts a workflow with the payload of a file', async () => {
      const file = payloadFile('{"order":42}');
      const shown = await client.run(['trigger', 'main', ...at(), ...withKey(), '--payload-file', file]);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(shown.stdout)).toEqual([
        'Triggering workflow "main"...',
        'Process Instance: <id>',
        'Payload: {"order":42}',
        '✓ Workflow triggered',
        'Execution ID: <id>',
        'Process Instance: <id>',
        'Workflow: main',
        'Poll for status:',
        'codika get execution <id>',
      ]);
      const id = /Execution ID: +(\S+)/.exec(shown.stdout)?.[1] ?? '';
      expect((await target.deliveryOf(id)).body).toMatchObject({ order: 42 });
    });

    it('starts one with nothing, as JSON', async () => {
      const { code, body } = await client.json<{ executionId: string }>([
        'trigger',
        'main',
        ...at(),
        ...withKey(),
      ]);
      expect(code).toBe(0);
      expect(body).toEqual({
        success: true,
        executionId: uuid,
        workflowId: 'main',
        processInstanceId: instance.processInstanceId,
        message: 'Execution started',
      });
      const { executionMetadata: _, ...payload } = (await target.deliveryOf(body.executionId)).body;
      expect(payload).toEqual({});
    });

    it('waits for the result, for people, as JSON and in a file', async () => {
      const trigger = ['trigger', 'main', ...at(), ...withKey(), '--poll'];
      const file = payloadFile('{"order":43}');
      const shown = await client.run([...trigger, '--payload-file', file]);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(shown.stdout).toContain('✓ Execution success');
      expect(shown.stdout).toContain('"order": 43');
      const json = await client.json([...trigger, '--payload-file', file]);
      expect(json).toMatchObject({
        code: 0,
        body: {
          success: true,
          executionId: uuid,
          status: 'success',
          duration: expect.any(Number),
          resultData: { received: { order: 43 } },
        },
      });
      const output = join(client.home, 'result.json');
      const saved = await client.json([...trigger, '-o', output]);
      expect(saved).toMatchObject({
        code: 0,
        body: { success: true, status: 'success', outputPath: output },
      });
      expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
        success: true,
        execution: { status: 'success', resultData: { received: {} }, createdAt: iso },
      });
    });

    it('ends with 1 and says why when the workflow fails', async () => {
      const trigger = ['trigger', 'fails', ...at(), ...withKey(), '--poll'];
      const shown = await client.run(trigger);
      expect(shown.code).toBe(1);
      expect(shown.stdout).toContain('✗ Execution failed');
      expect(shown.stdout).toMatch(/Error: +\S/);
      expect(shown.stdout).toMatch(/Type: +(node_failure|external_api_error)/);
      const { code, body } = await client.json(trigger);
      expect(code).toBe(1);
      expect(body).toMatchObject({
        executionId: uuid,
        status: 'failed',
        errorDetails: { type: expect.any(String), message: expect.any(String) },
      });
    });
  });

  describe('get execution', () => {
    it('shows one, for people and as JSON', async () => {
      const id = await triggered();
      const get = ['get', 'execution', id, ...at(), ...withKey()];
      const shown = await client.run(get);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(shown.stdout)).toEqual([
        'Fetching execution "<id>"...',
        'Process Instance: <id>',
        '● Execution Details',
        'Codika Execution ID: <id>',
        'n8n Execution ID: <id>',
        'Status: success',
        'Started At: <instant>',
        'Stopped At: <instant>',
        'Request ID: <id>',
      ]);
      const { code, body } = await client.json([...get, '--deep', '--slim']);
      expect(code).toBe(0);
      expect(body).toMatchObject({
        success: true,
        requestId: uuid,
        execution: {
          codikaExecutionId: id,
          n8nExecutionId: id,
          status: 'success',
          n8nExecution: { startedAt: iso, stoppedAt: iso },
          startedBy: { method: 'organization-key', id: uuid },
        },
      });
      const output = join(client.home, 'execution.json');
      const saved = await client.json([...get, '-o', output]);
      expect(saved.body).toEqual({
        success: true,
        data: { outputPath: output, executionId: id, status: 'success' },
      });
    });
  });

  describe('list executions', () => {
    it('shows the newest first, those of one workflow, those that failed, and no more than wanted', async () => {
      const own = await create('Listed');
      const ids: string[] = [];
      for (const workflow of ['main', 'fails', 'main']) {
        const trigger = ['trigger', workflow, ...at(own.processInstanceId), ...withKey(), '--poll'];
        ids.unshift((await client.json<{ executionId: string }>(trigger)).body.executionId);
      }
      const list = ['list', 'executions', own.processInstanceId, ...withKey()];
      const idsOf = async (...more: string[]) => {
        const { code, body } = await client.json<{
          data: { count: number; executions: { executionId: string }[] };
        }>([...list, ...more]);
        expect(code).toBe(0);
        expect(body.data.count).toBe(body.data.executions.length);
        return body.data.executions.map(({ executionId }) => executionId);
      };
      const [newest = '', failed = '', oldest = ''] = ids;
      expect(await idsOf()).toEqual([newest, failed, oldest]);
      expect(await idsOf('--failed-only')).toEqual([failed]);
      expect(await idsOf('--workflow-id', 'main')).toEqual([newest, oldest]);
      expect(await idsOf('--workflow-id', 'none')).toEqual([]);
      expect(await idsOf('--limit', '1')).toEqual([newest]);
      const shown = await client.run(list);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(shown.stdout).toMatch(/✓ success .* 20\d\d-/);
      expect(shown.stdout).toMatch(/✗ failed .* 20\d\d-.*\n.*└─ \S/);
      expect(shown.stdout).toContain('Showing 3 executions');
    });
  });

  describe('list instances, get instance, instance activate and deactivate', () => {
    it('lists those of an environment, the archived ones, and no more than wanted', async () => {
      const other = await world.account();
      const theirs = (await world.mint(other, organizationScopes)).apiKey;
      const dev = await create('In dev', theirs);
      const prod = await create('In prod', theirs, { environment: 'prod' });
      const gone = await create('Gone', theirs);
      const archive = `${world.server.baseUrl}/v1/instances/${gone.processInstanceId}/archive`;
      dataOf(await call('instances.archive', archive, undefined, { key: theirs }));
      const titles = async (...more: string[]) => {
        const { code, body } = await client.json<{ data: { instances: { title: string }[]; count: number } }>(
          ['list', 'instances', ...withKey(theirs), ...more],
        );
        expect(code).toBe(0);
        expect(body.data.count).toBe(body.data.instances.length);
        return body.data.instances.map(({ title }) => title).sort();
      };
      expect(await titles()).toEqual([dev.title, prod.title]);
      expect(await titles('--environment', 'prod')).toEqual([prod.title]);
      expect(await titles('--archived')).toEqual([gone.title]);
      expect((await titles('--limit', '1')).length).toBe(1);
      const shown = await client.run(['list', 'instances', ...withKey(theirs)]);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(shown.stdout).toMatch(/In prod +prod +✓ active +1\.0 +—/);
      expect(shown.stdout).toContain('Showing 2 instances');
    });

    it('shows one with and without its workflows', async () => {
      const get = ['get', 'instance', instance.processInstanceId, ...withKey()];
      const shown = await client.run(get);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(shown.stdout)).toEqual([
        'Fetching instance "<id>"...',
        '✓ Process Instance',
        'Instance ID: <id>',
        'Process ID: <id>',
        'Environment: dev',
        'Status: deployed (active)',
        'Version: 1.0',
        'Title: Orders',
        'Workflows:',
        '- main',
        '- fails',
      ]);
      const long = await client.run([...get, '--workflows']);
      expect(transcript(long.stdout).slice(-5)).toEqual([
        'Workflows:',
        'main',
        expect.stringMatching(/^Triggers: /),
        'fails',
        expect.stringMatching(/^Triggers: /),
      ]);
      const { code, body } = await client.json<{
        data: { deployment: { workflows: Record<string, unknown>[] } };
      }>(get);
      expect(code).toBe(0);
      const names = body.data.deployment.workflows.map((each) => Object.keys(each).sort());
      const slim = ['n8nWorkflowId', 'workflowId', 'workflowName'];
      expect(names).toEqual([slim, slim]);
      expect(JSON.stringify(body)).not.toContain(instance.apiKey.slice(12));
      const whole = await client.json<typeof body>([...get, '--workflows']);
      for (const each of whole.body.data.deployment.workflows) expect(Object.keys(each).length).toBe(7);
    });

    it('pauses and activates one', async () => {
      const own = await create('Switched');
      const id = own.processInstanceId;
      const paused = await client.run(['instance', 'deactivate', id, ...withKey()]);
      expect(paused).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(paused.stdout)).toEqual([
        'Deactivating instance "<id>"...',
        '⏸ Instance deactivated',
        'Instance ID: <id>',
        'Workflows: 2 paused',
      ]);
      const refused = await client.json<Failure>(['trigger', 'main', ...at(id), ...withKey()]);
      expect(refused.code).toBe(1);
      expect(refused.body.error.message).toContain('paused');
      const raw = await fetch(`${world.server.baseUrl}/triggerwebhookpublic/${id}/main`, {
        method: 'POST',
        headers: { 'x-process-manager-key': key },
      });
      expect(raw.status).toBe(412);
      const shown = await client.run(['get', 'instance', id, ...withKey()]);
      expect(shown.stdout).toContain('deployed (paused)');
      const listed = await client.run(['list', 'instances', ...withKey()]);
      expect(listed.stdout).toMatch(/Switched +dev +⏸ paused/);
      const activated = await client.json(['instance', 'activate', id, ...withKey()]);
      expect(activated).toMatchObject({
        code: 0,
        body: { success: true, data: { processInstanceId: id, isActive: true, workflowCount: 2 } },
      });
      const again = await client.run(['instance', 'activate', id, ...withKey()]);
      expect(again.code).toBe(1);
      expect(again.stderr).toContain('active already');
      const triggeredAgain = await client.run(['trigger', 'main', ...at(id), ...withKey()]);
      expect(triggeredAgain.code).toBe(0);
    });
  });

  describe('list projects and get project', () => {
    it('shows them, with the keys that were published and no others', async () => {
      const list = await client.json<{ data: { projects: Record<string, unknown>[]; count: number } }>([
        'list',
        'projects',
        ...withKey(),
      ]);
      expect(list.code).toBe(0);
      const { projects, count } = list.body.data;
      expect(count).toBe(projects.length);
      for (const each of projects) expect(Object.keys(each).length).toBe(8);
      const id = instance.processId;
      expect(projects.map((each) => each.id)).toContain(id);
      const table = await client.run(['list', 'projects', ...withKey(), '--limit', '1']);
      expect(table).toMatchObject({ code: 0, stderr: '' });
      expect(table.stdout).toContain('Showing 1 project');
      const none = await client.run(['list', 'projects', ...withKey(), '--archived']);
      expect(none.stdout).toContain('No projects found');
      const shown = await client.run(['get', 'project', id, ...withKey()]);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(transcript(shown.stdout)).toEqual(
        expect.arrayContaining(['✓ Project', `Project ID: <id>`, 'Name: Orders', 'Stages: 2 (current: 1)']),
      );
      const json = await client.json<{ data: object }>(['get', 'project', id, ...withKey()]);
      expect(Object.keys(json.body.data).length).toBe(12);
    });
  });

  describe('is told why', () => {
    type Command = (secret: string, instanceId: string, projectId: string) => string[];

    const commands: readonly (readonly [string, string, Command])[] = [
      ['trigger', 'workflows:trigger', (secret, id) => ['trigger', 'main', ...at(id), ...withKey(secret)]],
      [
        'get execution',
        'executions:read',
        (secret, id) => ['get', 'execution', unknownId, ...at(id), ...withKey(secret)],
      ],
      ['list executions', 'executions:read', (secret, id) => ['list', 'executions', id, ...withKey(secret)]],
      ['get instance', 'instances:read', (secret, id) => ['get', 'instance', id, ...withKey(secret)]],
      [
        'instance activate',
        'instances:manage',
        (secret, id) => ['instance', 'activate', id, ...withKey(secret)],
      ],
      [
        'instance deactivate',
        'instances:manage',
        (secret, id) => ['instance', 'deactivate', id, ...withKey(secret)],
      ],
      ['get project', 'projects:read', (secret, _, id) => ['get', 'project', id, ...withKey(secret)]],
    ];

    /** Exit code 1 with and without `--json`, and the same reason. */
    async function expectToldWhy(args: readonly string[], reason: RegExp): Promise<void> {
      const shown = await client.run(args);
      expect(shown.code).toBe(1);
      expect(shown.stderr).toMatch(reason);
      const json = await client.json<Failure>(args);
      expect(json.code).toBe(1);
      expect(json.body).toMatchObject({ success: false, error: { message: expect.stringMatching(reason) } });
    }

    it.each(
      commands,
    )('%s: a wrong key, a key without the scope, another organization, an unknown id', async (_name, scope, command) => {
      const { processInstanceId, processId } = instance;
      const typo = `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`;
      await expectToldWhy(command(typo, processInstanceId, processId), /not a complete API key/);
      const other = (await world.mint(account, ['skills:read'])).apiKey;
      const missing = new RegExp(`needs the scope ${scope}`);
      await expectToldWhy(command(other, processInstanceId, processId), missing);
      const stranger = await world.account();
      const foreign = (await world.mint(stranger, organizationScopes)).apiKey;
      await expectToldWhy(command(foreign, processInstanceId, processId), /another organization/);
      await expectToldWhy(
        command(key, unknownId, unknownId),
        /There is no (process instance|project) with this id/,
      );
    });

    it.each([
      ['list instances', 'instances:read', ['list', 'instances']],
      ['list projects', 'projects:read', ['list', 'projects']],
    ])('%s: a wrong key, a key without the scope', async (_name, scope, command) => {
      await expectToldWhy([...command, ...withKey(`${key}x`)], /not a complete API key/);
      const other = (await world.mint(account, ['skills:read'])).apiKey;
      await expectToldWhy([...command, ...withKey(other)], new RegExp(scope));
    });

    it('of a workflow and an execution that are not there', async () => {
      await expectToldWhy(['trigger', 'none', ...at(), ...withKey()], /no workflow with this id/);
      const get = ['get', 'execution', unknownId, ...at(), ...withKey()];
      await expectToldWhy(get, /no execution with this id/);
    });
  });
});
