import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noServer, type Reply, type RunOptions, refused, type TestUser, testUser } from '../cli-for-tests.ts';

const caller = {
  apiKey: 'cko_EXAMPLE_CALLER_0123456789',
  type: 'org-api-key',
  baseUrl: 'http://keys.test',
} as const;
const executionId = '019d312f-0000-7000-8000-00000000000d';
const started: Reply = { body: { success: true, executionId, message: 'Execution started' } };
const createdAt = '2026-11-21T00:00:00.000Z';

function status(word: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  return { body: { success: true, execution: { executionId, status: word, createdAt, ...more } } };
}
const pending = status('pending');
const succeeded = status('success', { duration: 1234, resultData: { invoice: 'R-42' } });
const errorDetails = {
  type: 'external_api_error',
  message: 'The bank did not answer.',
  failedNodeName: 'Bank',
};
const failed = status('failed', { duration: 90, errorDetails });

const trigger = 'trigger main --process-instance-id i1';
const poll = `${trigger} --poll`;
/** Waiting takes no time. */
function answering(...replies: Reply[]): RunOptions {
  return { replies: [started, ...replies], meanwhile: () => undefined };
}

let user: TestUser;
beforeEach(() => {
  user = testUser();
  user.save({ acme: caller });
});
afterEach(() => user.remove());

describe('trigger', () => {
  it('sends an empty payload where there is none, and prints what the contract says', async () => {
    const run = await user.run(trigger, { replies: [started] });
    expect(run.sent).toEqual([
      {
        method: 'POST',
        url: 'http://keys.test/webhook/i1/main',
        key: caller.apiKey,
        body: { payload: {} },
      },
    ]);
    expect(run).toMatchObject({
      code: 0,
      stdout: `\n✓ Workflow triggered\n\n  Execution ID:     ${executionId}\n  Process Instance: i1\n  Workflow:         main\n\n`,
    });
    expect(run.stderr).toContain(`latchkey get execution ${executionId} --process-instance-id i1`);
  });

  it('prints the JSON that the contract says', async () => {
    const run = await user.run(`${trigger} --json`, { replies: [started] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.json()).toEqual({
      success: true,
      executionId,
      workflowId: 'main',
      processInstanceId: 'i1',
      message: 'Execution started',
    });
  });

  it('sends the payload of a file or of standard input', async () => {
    const payload = { orderId: 42, payload: { nested: true } };
    writeFileSync(join(user.home, 'order.json'), JSON.stringify(payload));
    const file = await user.run(`${trigger} --payload-file order.json`, { replies: [started] });
    const input = await user.run(`${trigger} --payload-file -`, {
      replies: [started],
      input: JSON.stringify(payload),
    });
    for (const run of [file, input]) expect(run.sent[0]?.body).toEqual({ payload });
  });

  it('takes instance and key of the environment', async () => {
    const env = { LATCHKEY_PROCESS_INSTANCE_ID: 'i2', LATCHKEY_API_KEY: 'cko_EXAMPLE_OTHER_0123456789' };
    const run = await user.run('trigger main', { replies: [started], env });
    expect(run.sent[0]).toMatchObject({
      url: 'http://keys.test/webhook/i2/main',
      key: env.LATCHKEY_API_KEY,
    });
  });

  it('sends an instance key as X-API-Key', async () => {
    const headers: Headers[] = [];
    const fetch: typeof globalThis.fetch = async (_url, init) => {
      headers.push(new Headers(init?.headers));
      return Response.json(started.body);
    };
    await user.run(`${trigger} --api-key ck_EXAMPLE`, { fetch });
    expect(headers[0]?.get('x-api-key')).toBe('ck_EXAMPLE');
    expect(headers[0]?.get('x-process-manager-key')).toBeNull();
  });

  it('exits 1 with the words of the server where it refuses', async () => {
    const flat = {
      success: false,
      error: 'No such workflow.',
      code: 'WORKFLOW_NOT_FOUND',
      nextAction: 'Look.',
    };
    const replies = [{ status: 404, body: flat }];
    const run = await user.run(poll, { replies });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('✗ WORKFLOW_NOT_FOUND  No such workflow.\n  Look.');
    const json = await user.run(`${poll} --json`, { replies });
    expect(json.json()).toMatchObject({ success: false, error: { code: 'WORKFLOW_NOT_FOUND' } });
  });

  it.each([
    [poll.replace('--process-instance-id i1', ''), 'set LATCHKEY_PROCESS_INSTANCE_ID'],
    ['trigger --process-instance-id i1', 'Missing: <workflowId>'],
    ['trigger ma/in --process-instance-id i1', 'The workflow must be an id'],
    [`${poll} --timeout abc`, '--timeout must be a number'],
    [`${poll} --timeout 0`, '--timeout must be seconds'],
    [`${poll} --timeout=-5`, '--timeout must be seconds'],
    [`${poll} --timeout 86401`, '--timeout must be seconds'],
    [`${trigger} --timeout 5`, 'only --poll waits for'],
    [`${trigger} -o out.json`, 'only --poll waits for'],
    [`${poll} -o nowhere/out.json`, '--output: cannot write nowhere/out.json: there is no such file'],
    [`${poll} -o folder`, '--output: folder is a folder.'],
    [`${poll} --payload-file nowhere.json`, '--payload-file: cannot read nowhere.json'],
  ])('exits 2 and sends nothing: %s', async (line, message) => {
    mkdirSync(join(user.home, 'folder'));
    const run = await user.run(line, answering(succeeded));
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
  });

  it.each(['', '{', '[1]', '42', 'null'])('exits 2 for the payload %j, which is no object', async (input) => {
    const run = await user.run(`${trigger} --payload-file -`, { replies: [started], input });
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
  });

  it.each([
    ['--api-key -', '--payload-file - and --api-key - cannot both be standard input.'],
    ['--api-key-file -', '--payload-file - and --api-key-file - cannot both be standard input.'],
  ])('exits 2 where key and payload are both to come from standard input, by %s', async (flag, message) => {
    const run = await user.run(`${trigger} --payload-file - ${flag}`, { replies: [started], input: '{}' });
    expect(run).toMatchObject({ code: 2, stdout: '', sent: [] });
    expect(run.stderr).toContain(message);
  });

  it('takes the key from standard input where the payload is in a file', async () => {
    writeFileSync(join(user.home, 'order.json'), '{"orderId":42}');
    const line = `${trigger} --payload-file order.json --api-key -`;
    const run = await user.run(line, { replies: [started], input: caller.apiKey });
    expect(run.sent).toMatchObject([{ key: caller.apiKey, body: { payload: { orderId: 42 } } }]);
  });

  it('says which key it takes where there is none, for a log-in brings none that triggers', async () => {
    user.save({});
    const run = await user.run(trigger, { replies: [started] });
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('latchkey instance key reveal <processInstanceId>');
    expect(run.stderr).not.toContain('login');
  });

  it('says which key it takes where a person is signed in, and sends nothing', async () => {
    const baseUrl = 'http://keys.test';
    user.save({ me: { type: 'session', baseUrl, email: 'a@b.c', environment: 'dev' } });
    const run = await user.run(trigger, { replies: [started] });
    expect(run).toMatchObject({ code: 2, sent: [] });
    expect(run.stderr).toContain('latchkey instance key reveal <processInstanceId>');
  });
});

describe('trigger --poll', () => {
  it('waits for the end, more and more patiently, and exits 0 for a success', async () => {
    const run = await user.run(poll, answering(...Array<Reply>(9).fill(pending), succeeded));
    expect(run.code).toBe(0);
    expect(run.stdout).toBe(
      `\n✓ Execution success (1.2s)\n\n  Result:\n  {\n    "invoice": "R-42"\n  }\n\n  Execution ID: ${executionId}\n\n`,
    );
    expect(run.waitsMs.slice(0, 3)).toEqual([250, 375, 563]);
    expect(run.waitsMs.at(-1)).toBe(3000);
    expect(run.sent[1]).toMatchObject({
      method: 'GET',
      url: `http://keys.test/status/i1/${executionId}`,
      key: caller.apiKey,
    });
  });

  it('exits 1 for a failure, and says what failed where', async () => {
    const run = await user.run(poll, answering(failed));
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('✗ Execution failed (0.1s)');
    expect(run.stdout).toMatch(
      /Error: +The bank did not answer\.\n +Type: +external_api_error\n +Node: +Bank\n/,
    );
  });

  it('prints the JSON that the contract says, with the success of the execution', async () => {
    const good = await user.run(`${poll} --json`, answering(pending, succeeded));
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.json()).toEqual({
      success: true,
      executionId,
      status: 'success',
      duration: 1234,
      resultData: { invoice: 'R-42' },
    });
    const bad = await user.run(`${poll} --json`, answering(failed));
    expect(bad.code).toBe(1);
    expect(bad.json()).toEqual({ success: false, executionId, status: 'failed', duration: 90, errorDetails });
  });

  it('writes the whole answer to a file, and tells the real success beside it', async () => {
    const file = join(user.home, 'out.json');
    const run = await user.run(`${poll} -o out.json --json`, answering(failed));
    expect(run.code).toBe(1);
    expect(run.json()).toEqual({
      success: false,
      executionId,
      status: 'failed',
      duration: 90,
      outputPath: file,
    });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(failed.body);
    const words = await user.run(`${poll} --output out.json`, answering(succeeded));
    expect(words.stdout).toContain(`Output:       ${file}\n`);
    expect(words.stdout).not.toContain('R-42');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(succeeded.body);
  });

  it('exits 1 when the time is up, and says how to look again', async () => {
    const run = await user.run(`${poll} --timeout 5`, answering(pending));
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.waitsMs.reduce((sum, ms) => sum + ms, 0)).toBe(5000);
    expect(run.stderr).toContain('✗ poll-timeout  The execution is still pending after 5 s.');
    expect(run.stderr).toContain(`latchkey get execution ${executionId} --process-instance-id i1`);
    const json = await user.run(`${poll} --timeout 0.5 --json`, answering(pending));
    expect(json).toMatchObject({ code: 1, stderr: '' });
    expect(json.json()).toMatchObject({ success: false, executionId, error: { code: 'poll-timeout' } });
  });

  it('waits 120 s unless told', async () => {
    const run = await user.run(poll, answering(pending));
    expect(run.waitsMs.reduce((sum, ms) => sum + ms, 0)).toBe(120_000);
  });

  it('outlives a server that is away or busy for a while: the execution is not lost', async () => {
    const away = [noServer, refused(503, 'UNAVAILABLE'), refused(429, 'RATE_LIMITED')];
    expect(await user.run(poll, answering(...away, succeeded))).toMatchObject({ code: 0 });
    const gone = await user.run(`${poll} --timeout 2`, answering(noServer));
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain('could not be looked at (Cannot reach http://keys.test');
  });

  it('stops at a refusal, and names the execution that goes on', async () => {
    const run = await user.run(poll, answering(pending, refused(403, 'SCOPE_MISSING'), succeeded));
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('✗ SCOPE_MISSING');
    expect(run.stderr).toContain(executionId);
  });

  it('says at a terminal that it waits, and is silent elsewhere', async () => {
    const replies = answering(...Array<Reply>(12).fill(pending), succeeded);
    const person = await user.run(poll, { ...replies, isRead: true });
    expect(person.stderr.match(/Waiting for the result/g)?.length).toBeGreaterThan(1);
    expect(person.stdout).not.toContain('Waiting');
    expect((await user.run(poll, replies)).stderr).not.toContain('Waiting');
    expect((await user.run(`${poll} --json`, { ...replies, isRead: true })).stderr).toBe('');
  });

  it('leaves no file behind where nothing came of it', async () => {
    await user.run(`${poll} -o out.json --timeout 1`, answering(pending));
    expect(existsSync(join(user.home, 'out.json'))).toBe(false);
  });
});
