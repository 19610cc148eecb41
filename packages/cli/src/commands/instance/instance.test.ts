import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, refused, type TestUser, testUser } from '../../cli-for-tests.ts';

const caller = {
  apiKey: 'cko_EXAMPLE_CALLER_0123456789',
  type: 'org-api-key',
  baseUrl: 'http://keys.test',
  organizationId: 'org1',
} as const;
const id = '019d312f-0000-7000-8000-00000000000a';
const triggerUrl = `http://keys.test/webhook/${id}/main`;
const instance = {
  processInstanceId: id,
  processId: 'project1',
  title: 'Orders',
  environment: 'prod',
  isActive: true,
  archived: false,
  currentVersion: '1.0',
  installedAt: '2026-03-30T00:00:00.000Z',
  lastExecutedAt: null as string | null,
  organizationId: 'org1',
  deployment: {
    deploymentInstanceId: id,
    deploymentStatus: 'deployed',
    deploymentParameters: { REGION: 'eu' },
    deploymentInputSchema: [],
    workflows: [{ workflowId: 'main', n8nWorkflowId: null, workflowName: 'main' }],
  },
  sharedWith: 'admins',
  queryKeys: true,
  maxConcurrency: 16,
  rateLimit: { requests: 100, windowSeconds: 60 },
  keyPrefix: 'ck_EXAMPLE12',
  workflows: [
    {
      workflowId: 'main',
      name: 'main',
      triggerUrl,
      targetUrl: 'https://orders.example.com/run',
      mode: 'sync',
      timeoutSeconds: 300,
      idempotent: false,
      inputSchema: null,
    },
  ],
};
const apiKey = `ck_EXAMPLE${'n'.repeat(42)}`;
const webhookSecret = 'whsec_EXAMPLE';
const secrets = { processInstanceId: id, keyId: 'key1', keyPrefix: 'ck_EXAMPLE12', apiKey, webhookSecret };
const created = { ...instance, ...secrets };
const create = 'instance create --title Orders --workflow main=https://orders.example.com/run';

let user: TestUser;
beforeEach(() => {
  user = testUser();
  user.save({ acme: caller });
});
afterEach(() => user.remove());

describe('instance create', () => {
  it('sends what the flags say, and nothing of what they leave to the server', async () => {
    const run = await user.run(create, { replies: [ok(created)] });
    expect(run.sent).toEqual([
      {
        method: 'POST',
        url: 'http://keys.test/v1/instances',
        key: caller.apiKey,
        body: {
          organizationId: 'org1',
          title: 'Orders',
          workflows: [{ workflowId: 'main', targetUrl: 'https://orders.example.com/run' }],
        },
      },
    ]);
  });

  it('sends every setting that a flag names', async () => {
    const workflow = '--workflow pay=https://bank.example.com/?a=1,mode=callback,timeout=60';
    const settings =
      '--shared-with everyone --query-keys off --max-concurrency 4 --rate-limit 100/60 --environment sandbox --project-id p1';
    const run = await user.run(`${create} ${workflow} ${settings}`, { replies: [ok(created)] });
    expect(run.sent[0]?.body).toEqual({
      organizationId: 'org1',
      title: 'Orders',
      environment: 'sandbox',
      projectId: 'p1',
      workflows: [
        { workflowId: 'main', targetUrl: 'https://orders.example.com/run' },
        {
          workflowId: 'pay',
          targetUrl: 'https://bank.example.com/?a=1',
          mode: 'callback',
          timeoutSeconds: 60,
        },
      ],
      sharedWith: 'everyone',
      queryKeys: false,
      maxConcurrency: 4,
      rateLimit: { requests: 100, windowSeconds: 60 },
    });
  });

  it('takes a file or standard input, and flags before it', async () => {
    const wish = {
      title: 'From the file',
      workflows: [{ workflowId: 'a', targetUrl: 'https://a.example.com' }],
    };
    writeFileSync(join(user.home, 'instance.json'), JSON.stringify(wish));
    const file = await user.run('instance create --file instance.json --title Mine', {
      replies: [ok(created)],
    });
    expect(file.sent[0]?.body).toEqual({ organizationId: 'org1', ...wish, title: 'Mine' });
    const input = await user.run('instance create --file - --rate-limit off', {
      input: JSON.stringify(wish),
      replies: [ok(created)],
    });
    expect(input.sent[0]?.body).toEqual({ organizationId: 'org1', ...wish, rateLimit: null });
  });

  it('works in the environment of the context for a signed-in person, unless told otherwise', async () => {
    const now = new Date('2026-11-21T00:00:00.000Z');
    const profile = {
      type: 'session',
      baseUrl: 'http://keys.test',
      email: 'a@b.c',
      organizationId: 'org2',
      environment: 'prod',
    } as const;
    user.save({ me: profile });
    const config = user.saved();
    const session = { accessToken: 't', refreshToken: 'r', expiresAt: '2027-01-01T00:00:00.000Z' };
    writeFileSync(user.configFile, JSON.stringify({ ...config, sessions: { 'http://keys.test': session } }));
    const options = { now, replies: [ok(created)] };
    const run = await user.run(create, options);
    expect(run.sent[0]?.body).toMatchObject({ organizationId: 'org2', environment: 'prod' });
    const told = await user.run(`${create} --environment dev --organization-id org3`, options);
    expect(told.sent[0]?.body).toMatchObject({ organizationId: 'org3', environment: 'dev' });
  });

  it('prints key and URLs once, and a line to copy in which the key is a variable', async () => {
    const run = await user.run(create, { replies: [ok(created)] });
    expect(run.code).toBe(0);
    expect((run.stdout + run.stderr).split(apiKey)).toHaveLength(2);
    expect(run.stdout).toContain(`    main  ${triggerUrl}\n`);
    expect(run.stdout).toContain(
      `curl -X POST -H "X-API-Key: $LATCHKEY_INSTANCE_KEY" -H 'Content-Type: application/json' -d '{"payload":{}}' ${triggerUrl}\n`,
    );
  });

  it('says why one would switch query keys off, where they are on', async () => {
    const on = await user.run(create, { replies: [ok(created)] });
    expect(on.stderr).toContain('URLs end up in access logs');
    expect(on.stderr).toContain(`latchkey instance update ${id} --query-keys off`);
    const off = await user.run(create, { replies: [ok({ ...created, queryKeys: false })] });
    expect(off.stderr).not.toContain('URLs');
  });

  it('prints the body of the server with --json, and no other word', async () => {
    const run = await user.run(`${create} --json`, { replies: [ok(created)] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.json()).toEqual({ success: true, data: created, requestId: 'req-789' });
  });

  it('exits 1 with the words of the server where it refuses', async () => {
    const run = await user.run(create, { replies: [refused(400, 'TARGET_NOT_ALLOWED')] });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('Message of TARGET_NOT_ALLOWED.');
  });

  const title = 'instance create --title x';
  it.each([
    ['instance create', 'Missing: --title <title>, --workflow <id>=<url>'],
    [title, 'Missing: --workflow <id>=<url>'],
    [`${title} --workflow main`, '--workflow must be <id>=<url>'],
    [`${title} --workflow =https://a.example.com`, '--workflow must be <id>=<url>'],
    [`${title} --workflow main=`, '--workflow must be <id>=<url>'],
    [`${title} --workflow main=orders.example.com`, 'must start with http:// or https://'],
    [`${title} --workflow main=ftp://orders.example.com`, 'must start with http:// or https://'],
    [`${title} --workflow main=https://`, 'is no URL'],
    [`${title} --workflow main=https://a.b,idempotent=maybe`, 'idempotent must be yes or no'],
    [`${title} --workflow main=https://a.b,mode=async`, 'mode must be one of: sync, callback'],
    [`${title} --workflow main=https://a.b,timeout=soon`, 'timeout must be whole seconds'],
    [
      `${title} --workflow main=https://a.b,mod=callback`,
      '"mod=callback" is none of mode=…, timeout=… and idempotent=…',
    ],
    [`${title} --workflow main=https://a.b,c`, 'Use --file for other settings'],
    [`${create} --rate-limit 100`, '--rate-limit must be <requests>/<seconds>'],
    [`${create} --query-keys maybe`, '--query-keys must be one of: on, off'],
    [`${create} --max-concurrency many`, '--max-concurrency must be a number'],
    [`${create} --environment live`, '--environment must be one of'],
    ['instance create --file nowhere.json', '--file: cannot read nowhere.json: there is no such file.'],
  ])('exits 2 and sends nothing: %s', async (line, message) => {
    const run = await user.run(line);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
  });

  it.each([
    'https://me:EXAMPLE-pass@orders.example.com/run',
    'HTTPS:\\\\me:EXAMPLE-pass@orders.example.com',
    'http://me:8,EXAMPLE-pass@orders.example.com',
  ])('exits 2 for the target %s, and does not repeat its password', async (target) => {
    const run = await user.run(`${title} --workflow main=${target}`);
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain('the URL of a target must not hold a user or a password.');
    expect(run.stderr).not.toContain('EXAMPLE-pass');
  });

  it.each([
    ['yes', true],
    ['no', false],
  ])('sends idempotent=%s, beside an @ that is no user', async (word, idempotent) => {
    const targetUrl = 'https://a.example.com/@me?to=a@b.c';
    const run = await user.run(`${title} --workflow main=${targetUrl},idempotent=${word}`, {
      replies: [ok(created)],
    });
    expect(run.sent[0]?.body).toMatchObject({ workflows: [{ workflowId: 'main', targetUrl, idempotent }] });
  });

  it.each(['create', 'update'])('says in the help of instance %s what idempotent means', async (verb) => {
    const { stdout } = await user.run(`instance ${verb} --help`, { columns: 100 });
    expect(stdout).toContain('idempotent=yes: the target may be called again where nobody knows');
  });

  it.each(['not json', '[]', 'null', '"text"'])('exits 2 where the file holds %s', async (input) => {
    const run = await user.run('instance create --file -', { input });
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('--file - (standard input)');
  });
});

describe.each(['instance list', 'list instances'])('%s', (line) => {
  it('lists status in the words of the published client, and the id that other commands need', async () => {
    const { workflows: _workflows, deployment: _deployment, ...listed } = instance;
    const instances = [
      { ...listed, lastExecutedAt: '2026-03-30T10:11:12.000Z' },
      { ...listed, isActive: false, inactiveReason: 'user_paused' },
      { ...listed, isActive: false },
      { ...listed, isActive: false, archived: true },
    ];
    const replies = [ok({ instances, count: 4, organizationId: 'org1' })];
    const run = await user.run(`${line} --environment prod --limit 100`, { replies });
    expect(run.sent[0]?.url).toBe(
      'http://keys.test/v1/instances?organizationId=org1&environment=prod&archived=false&limit=100',
    );
    const rows = run.stdout.split('\n').map((row) => row.trim().replace(/ {2,}/g, '|'));
    expect(rows.slice(1, -2)).toEqual([
      '● Process Instances (org1)',
      '',
      'Title|Env|Status|Version|Last Executed|Instance ID',
      `Orders|prod|active|1.0|2026-03-30 10:11|${id}`,
      `Orders|prod|paused|1.0|never|${id}`,
      `Orders|prod|inactive|1.0|never|${id}`,
      `Orders|prod|archived|1.0|never|${id}`,
    ]);
  });

  it('keeps to the width of a terminal, with ids and all columns whole but the title', async () => {
    const { workflows: _workflows, deployment: _deployment, ...listed } = instance;
    const instances = [{ ...listed, title: 'Orders of the whole world and what came of them' }];
    const replies = [ok({ instances, count: 1, organizationId: 'org1' })];
    const run = await user.run(line, { replies, columns: 80 });
    const lines = run.stdout.split('\n');
    expect(lines.filter((each) => each.length > 80)).toEqual([]);
    expect(lines).toContain('  Orders of the whole world and w…  prod  active  1.0      never');
    expect(lines).toContain(`      ${id}`);
  });

  it('finds by text and state, and says how many more there are and how they are listed', async () => {
    const { workflows: _workflows, deployment: _deployment, ...listed } = instance;
    const replies = [ok({ instances: [listed], count: 1, total: 5, organizationId: 'org1' })];
    const run = await user.run(`${line} --text Orders --state paused --offset 2`, { replies });
    expect(run.sent[0]?.url).toBe(
      'http://keys.test/v1/instances?organizationId=org1&archived=false&state=paused&text=Orders&offset=2',
    );
    expect(run.stderr).toBe('2 more: go on with --offset 3.\n');
  });

  it.each(['0', '101', '1.5', '-1'])('exits 2 for --limit %s', async (limit) => {
    const run = await user.run(`${line} --limit=${limit}`);
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('--limit must be a whole number from 1 to 100.');
  });
});

describe('instance get', () => {
  it.each([
    [{}, 'deployed (active)'],
    [{ isActive: false }, 'deployed (paused)'],
    [{ archived: true, isActive: false }, 'archived'],
    [{ deployment: null }, 'active (no deployment)'],
    [{ deployment: null, isActive: false }, 'inactive (no deployment)'],
    [{ deployment: { ...instance.deployment, deploymentStatus: 'failed' } }, 'failed'],
  ])('says the status of %j in the words of the contract', async (more, status) => {
    const run = await user.run(`get instance ${id}`, { replies: [ok({ ...instance, ...more })] });
    expect(run.stdout).toContain(`  Status:      ${status}\n`);
  });

  it('says of each workflow where it is triggered, where it leads, how and within what time', async () => {
    const pay = { workflowId: 'pay', name: 'Pay', mode: 'callback', timeoutSeconds: 60 };
    const workflows = [instance.workflows[0], { ...instance.workflows[0], ...pay }];
    const run = await user.run(`instance get ${id}`, { replies: [ok({ ...instance, workflows })] });
    expect(run.stdout).toContain('    REGION: "eu"\n');
    const [, below = ''] = run.stdout.split('  Workflows:\n');
    expect(below.split('\n').map((line) => line.trimEnd())).toEqual([
      '    - main',
      `        Trigger URL: ${triggerUrl}`,
      '        Target URL:  https://orders.example.com/run',
      '        Mode:        sync',
      '        Timeout:     300 s',
      '    - pay (Pay)',
      `        Trigger URL: ${triggerUrl}`,
      '        Target URL:  https://orders.example.com/run',
      '        Mode:        callback',
      '        Timeout:     60 s',
      '',
      '',
    ]);
  });

  it('says with --workflows also what else was set of them', async () => {
    const workflows = [{ ...instance.workflows[0], idempotent: true, inputSchema: {} }];
    const replies = [ok({ ...instance, workflows })];
    const run = await user.run(`instance get ${id} --workflows`, { replies });
    expect(run.sent[0]?.url).toContain('includeWorkflowDetails=true');
    expect(run.stdout).toContain('        Idempotent:  yes\n');
    expect(run.stdout).toContain('        Payload:     checked against a JSON Schema\n');
  });

  it('takes the instance of the environment where none is named', async () => {
    const env = { LATCHKEY_PROCESS_INSTANCE_ID: 'from-env' };
    const run = await user.run('instance get', { env, replies: [ok(instance)] });
    expect(run.sent[0]?.url).toContain('/v1/instances/from-env?');
    const named = await user.run('instance get named', { env, replies: [ok(instance)] });
    expect(named.sent[0]?.url).toContain('/v1/instances/named?');
  });

  it('exits 2 where none is known, and says how to find one', async () => {
    const run = await user.run('instance get');
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain('set LATCHKEY_PROCESS_INSTANCE_ID');
    expect(run.stderr).toContain('latchkey instance list');
  });

  it('sends no key that stands in the place of an id, and does not repeat it', async () => {
    const run = await user.run(['instance', 'get', apiKey]);
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stdout + run.stderr).not.toContain(apiKey);
  });
});

describe('instance update', () => {
  it('sends the changes alone', async () => {
    const run = await user.run(`instance update ${id} --query-keys off --rate-limit off`, {
      replies: [ok(instance)],
    });
    expect(run.sent[0]).toMatchObject({
      method: 'PATCH',
      url: `http://keys.test/v1/instances/${id}`,
      body: { queryKeys: false, rateLimit: null },
    });
    expect(run.stdout).toContain('✓ Process Instance updated');
  });

  it('exits 2 where there is nothing to change, and where no instance is named', async () => {
    expect(await user.run(`instance update ${id}`)).toMatchObject({ code: 2, sent: [] });
    const env = { LATCHKEY_PROCESS_INSTANCE_ID: id };
    expect(await user.run('instance update --query-keys off', { env })).toMatchObject({ code: 2, sent: [] });
  });
});

describe('the switches of an instance', () => {
  it.each([
    ['activate', '✓ Instance activated', '1 activated'],
    ['deactivate', '⏸ Instance deactivated', '1 paused'],
  ])('%s says what the published client says', async (verb, heading, done) => {
    const data = { processInstanceId: id, isActive: verb === 'activate', workflowCount: 1 };
    const run = await user.run(`instance ${verb} ${id}`, { replies: [ok(data)] });
    expect(run.sent[0]?.url).toBe(`http://keys.test/v1/instances/${id}/${verb}`);
    expect(run.stdout).toBe(`\n${heading}\n\n  Instance ID: ${id}\n  Workflows:   ${done}\n\n`);
  });
});

describe('what cannot be taken back', () => {
  it.each([
    ['instance archive', ok({ processInstanceId: id, archivedAt: '2026-11-21T00:00:00.000Z' })],
    ['instance key regenerate', ok(secrets)],
  ])('%s asks first, and needs --yes where nobody can be asked', async (line, reply) => {
    const replies = [reply];
    expect(await user.run(`${line} ${id}`, { replies })).toMatchObject({ code: 2, sent: [] });
    const no = await user.run(`${line} ${id}`, { replies, person: { agrees: false } });
    expect(no).toMatchObject({ code: 1, sent: [] });
    expect(no.questions[0]).toContain('at once');
    expect((await user.run(`${line} ${id}`, { replies, person: { agrees: true } })).sent).toHaveLength(1);
    expect(await user.run(`${line} ${id} --yes`, { replies })).toMatchObject({ code: 0 });
  });

  it('prints the new key once, and that the old one has ended', async () => {
    const run = await user.run(`instance key regenerate ${id} --yes`, { replies: [ok(secrets)] });
    expect((run.stdout + run.stderr).split(apiKey)).toHaveLength(2);
    expect(run.stderr).toContain('The old key is refused from now on.');
  });
});

describe('instance key reveal', () => {
  it('prints the key with where it belongs', async () => {
    const run = await user.run(`instance key reveal ${id}`, { replies: [ok(secrets)] });
    expect(run.sent[0]?.url).toBe(`http://keys.test/v1/instances/${id}/key/reveal`);
    expect(run.stdout).toContain(`  Instance Key:   ${apiKey}\n`);
    expect(run.stdout).toContain(`  Webhook Secret: ${webhookSecret}\n`);
    expect(run.stderr).toContain('X-API-Key');
  });
});
