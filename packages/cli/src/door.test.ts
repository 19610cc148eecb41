import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type CommandResult,
  runLatchkey,
  type ServerProcess,
  startServer,
  temporaryFolder,
} from '@latchkey/testkit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What stands behind the door: one path that answers, one that fails and one that never answers. */
async function startTarget() {
  const received: { readonly path: string; readonly body: unknown }[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const path = request.url ?? '';
    received.push({ path, body });
    if (path === '/never') return;
    response.writeHead(path === '/fail' ? 400 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ invoice: 'R-42', orderId: body.orderId }));
  }
  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close().closeAllConnections(),
  };
}

type Environment = Readonly<Record<string, string>>;

interface Instance {
  readonly processInstanceId: string;
  readonly apiKey: string;
  readonly workflows: readonly { readonly triggerUrl: string }[];
}

describe('the door from a terminal, with a started server and a real target', () => {
  const home = temporaryFolder('home');
  mkdirSync(join(home, '.config'), { recursive: true });
  let server: ServerProcess;
  let target: Awaited<ReturnType<typeof startTarget>>;
  let instance: Instance;

  function run(line: string, env: Environment = {}, stdin = ''): Promise<CommandResult> {
    const args = line.split(' ').filter((word) => word !== '');
    return runLatchkey(args, { home, stdin, env: { LATCHKEY_BASE_URL: server.baseUrl, ...env } });
  }

  /** Runs what must succeed, and parses it. */
  // biome-ignore lint/suspicious/noExplicitAny: looks into answers of every command
  async function json(line: string, env?: Environment, stdin?: string): Promise<any> {
    const result = await run(`${line} --json`, env, stdin);
    expect({ line, code: result.code, stderr: result.stderr }).toEqual({ line, code: 0, stderr: '' });
    return JSON.parse(result.stdout);
  }

  async function signUp(email: string): Promise<void> {
    await run(`auth signup-request --email ${email}`);
    const mailbox = await fetch(`${server.baseUrl}/local/mailbox/${email}`);
    const code = /"code":"(\d{6})"/.exec(await mailbox.text())?.[1];
    await run(`auth signup-complete --email ${email} --code ${code} --company Acme`);
  }

  beforeAll(async () => {
    [server, target] = await Promise.all([startServer(), startTarget()]);
    await signUp('owner@example.com');
    const workflows = ['run', 'fail', 'never'].map((name) => `--workflow ${name}=${target.url}/${name}`);
    const made = await json(`instance create --title Orders --environment prod ${workflows.join(' ')}`);
    instance = made.data;
  });
  afterAll(async () => {
    target.close();
    await server.stop();
  });

  /** What somebody has in the environment who holds the instance key and nothing else. */
  function holder(): Environment {
    return {
      HOME: temporaryFolder('holder'),
      XDG_CONFIG_HOME: temporaryFolder('holder'),
      LATCHKEY_API_KEY: instance.apiKey,
      LATCHKEY_PROCESS_INSTANCE_ID: instance.processInstanceId,
    };
  }

  function trigger(workflow: string, flags = ''): string {
    return `trigger ${workflow} --process-instance-id ${instance.processInstanceId} ${flags}`;
  }

  it('shows the instance under both names of each command, with its project', async () => {
    const { processInstanceId: id } = instance;
    const [byNoun, byVerb] = [await json(`instance get ${id}`), await json(`get instance ${id}`)];
    expect(byVerb.data).toEqual(byNoun.data);
    const { instances } = (await json('list instances --environment prod')).data;
    expect(instances).toMatchObject([{ processInstanceId: id, title: 'Orders' }]);
    const project = (await json(`get project ${byNoun.data.processId}`)).data;
    expect(project).toMatchObject({ name: 'Orders', archived: false });
    expect((await json('project list')).data.projects).toMatchObject([{ id: project.id }]);
  });

  it('brings the result of the target to whoever polls, with the payload of standard input', async () => {
    const done = await json(trigger('run', '--poll --payload-file -'), {}, '{"orderId":42}');
    expect(done).toMatchObject({
      success: true,
      status: 'success',
      resultData: { invoice: 'R-42', orderId: 42 },
    });
    expect(target.received.at(-1)).toMatchObject({ path: '/run', body: { orderId: 42 } });
    const shown = await json(
      `get execution ${done.executionId} --process-instance-id ${instance.processInstanceId}`,
    );
    expect(shown.execution).toMatchObject({
      executionId: done.executionId,
      startedBy: { method: 'organization-key' },
      resultData: done.resultData,
    });
  });

  it('works with the instance key alone, by the environment', async () => {
    const env = holder();
    const started = await json('trigger run', env);
    const polled = await run('trigger run --poll -o result.json --json', env);
    expect(polled).toMatchObject({ code: 0, stderr: '' });
    const { executionId, outputPath } = JSON.parse(polled.stdout);
    expect(JSON.parse(readFileSync(outputPath, 'utf8'))).toMatchObject({
      success: true,
      execution: { executionId, status: 'success', resultData: { invoice: 'R-42' } },
    });
    const followed = await json(`execution get ${started.executionId}`, env);
    expect(followed.execution.executionId).toBe(started.executionId);
  });

  it('exits 1 for an execution that failed, and tells the real success beside the file', async () => {
    const ended = await run(trigger('fail', '--poll -o failed.json --json'));
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    const told = JSON.parse(ended.stdout);
    expect(told).toMatchObject({ success: false, status: 'failed' });
    expect(JSON.parse(readFileSync(told.outputPath, 'utf8')).execution).toMatchObject({ status: 'failed' });
    const { executions } = (await json(`list executions ${instance.processInstanceId} --failed-only`)).data;
    expect(executions).toMatchObject([{ executionId: told.executionId, workflowId: 'fail' }]);
  });

  it('stops waiting for a target that never answers, and leaves the execution alone', async () => {
    const waited = await run(trigger('never', '--poll --timeout 1 --json'));
    expect(waited).toMatchObject({ code: 1, stderr: '' });
    const { executionId, error } = JSON.parse(waited.stdout);
    expect(error.code).toBe('poll-timeout');
    const look = `execution get ${executionId} --process-instance-id ${instance.processInstanceId}`;
    expect((await json(look)).execution.status).toBe('pending');
  });

  it('says in words what the server refuses, and exits 1', async () => {
    const unknown = await run(trigger('nowhere'));
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('✗ WORKFLOW_NOT_FOUND');
    const elsewhere = await run('trigger run --process-instance-id no-such-instance', holder());
    expect(elsewhere).toMatchObject({ code: 1, stdout: '' });
  });

  it('starts an execution by the curl line that it printed, with the key in a variable', async () => {
    const file = join(home, 'instance.json');
    const wish = { title: 'Copied', workflows: [{ workflowId: 'run', targetUrl: `${target.url}/copied` }] };
    writeFileSync(file, JSON.stringify(wish));
    const { stdout } = await run(`instance create --file ${file}`);
    const key = /Instance Key: +(\S+)/.exec(stdout)?.[1] ?? '';
    const line = /^ +(curl .*)$/m.exec(stdout)?.[1] ?? '';
    expect(line).not.toContain(key);
    const env = { PATH: process.env.PATH, LATCHKEY_INSTANCE_KEY: key };
    const answer = JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8', env }));
    expect(answer).toMatchObject({ success: true, message: 'Execution started' });
  });

  describe('managing an instance', () => {
    let own: Instance;
    beforeAll(async () => {
      own = (await json(`instance create --title Own --workflow run=${target.url}/own`)).data;
    });

    function triggered(apiKey: string): Promise<CommandResult> {
      const { processInstanceId } = own;
      return run(`trigger run --process-instance-id ${processInstanceId}`, { LATCHKEY_API_KEY: apiKey });
    }

    it('pauses it and lets it be triggered again', async () => {
      const paused = await run(`instance deactivate ${own.processInstanceId}`);
      expect(paused).toMatchObject({ code: 0 });
      expect(paused.stdout).toContain('⏸ Instance deactivated');
      expect((await triggered(own.apiKey)).stderr).toContain('✗ INSTANCE_INACTIVE');
      expect((await run('list instances')).stdout).toMatch(/Own +dev +paused/);
      expect(await run(`instance activate ${own.processInstanceId}`)).toMatchObject({ code: 0 });
      expect(await triggered(own.apiKey)).toMatchObject({ code: 0 });
    });

    it('changes its settings and replaces its workflows', async () => {
      const flags = `--title Renamed --query-keys off --rate-limit 100/60 --shared-with everyone --max-concurrency 4`;
      const workflows = `--workflow run=${target.url}/own --workflow late=${target.url}/late,mode=callback,timeout=60`;
      const changed = await json(`instance update ${own.processInstanceId} ${flags} ${workflows}`);
      expect(changed.data).toMatchObject({
        title: 'Renamed',
        queryKeys: false,
        rateLimit: { requests: 100, windowSeconds: 60 },
        sharedWith: 'everyone',
        maxConcurrency: 4,
        workflows: [{ workflowId: 'run' }, { workflowId: 'late', mode: 'callback', timeoutSeconds: 60 }],
      });
      const off = await json(`instance update ${own.processInstanceId} --rate-limit off`);
      expect(off.data).toMatchObject({ title: 'Renamed', rateLimit: null });
    });

    it('shows its key, and replaces it: the old one has ended when the command answers', async () => {
      const shown = await json(`instance key reveal ${own.processInstanceId}`);
      expect(shown.data.apiKey).toBe(own.apiKey);
      const made = await json(`instance key regenerate ${own.processInstanceId} --yes`);
      expect(made.data.apiKey).not.toBe(own.apiKey);
      expect(await triggered(own.apiKey)).toMatchObject({ code: 1, stdout: '' });
      expect(await triggered(made.data.apiKey)).toMatchObject({ code: 0 });
    });

    it('adds, labels, lists and retires signing secrets, and what they sign is taken until then', async () => {
      const place = `--process-instance-id ${own.processInstanceId} --workflow-id run`;
      const secret = `whsec_${randomBytes(24).toString('base64')}`;
      const added = await json(`signing-secret add ${place} --secret - --label Sender`, {}, `${secret}\n`);
      const { signingSecretId } = added.data;
      const deliver = async () => {
        const [id, body] = [randomUUID(), JSON.stringify({ from: 'a sender' })];
        const now = new Date();
        const headers = {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(id, now, body),
        };
        const url = own.workflows[0]?.triggerUrl ?? '';
        return (await fetch(url, { method: 'POST', headers, body })).status;
      };
      expect(await deliver()).toBe(200);
      const labelled = await json(`signing-secret label ${signingSecretId} ${place} --label Live`);
      expect(labelled.data.label).toBe('Live');
      expect(await json(`signing-secret retire ${signingSecretId} ${place} --yes`)).toMatchObject({
        data: { state: 'retired' },
      });
      expect(await deliver()).toBe(401);
      const listed = await run(`signing-secret list ${place}`);
      expect(listed.stdout).toMatch(/Live +standard +retired/);
      expect(listed.stdout).not.toContain(secret);
    });

    it('archives it for good', async () => {
      expect(await run(`instance archive ${own.processInstanceId} --yes`)).toMatchObject({ code: 0 });
      expect(await triggered(own.apiKey)).toMatchObject({ code: 1 });
      expect((await run(`instance get ${own.processInstanceId}`)).stdout).toMatch(/Status: +archived/);
      expect((await run('list instances')).stdout).not.toContain(own.processInstanceId);
      expect((await run('list instances --archived')).stdout).toContain(own.processInstanceId);
    });
  });
});
