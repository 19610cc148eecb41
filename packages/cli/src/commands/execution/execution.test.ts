import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, type TestUser, testUser } from '../../cli-for-tests.ts';

const caller = {
  apiKey: 'cko_EXAMPLE_CALLER_0123456789',
  type: 'org-api-key',
  baseUrl: 'http://keys.test',
} as const;
const executionId = '019d312f-0000-7000-8000-00000000000d';
const createdAt = '2026-03-30T10:11:12.345Z';
const summary = {
  executionId,
  workflowId: 'main',
  triggerId: 't1',
  status: 'success',
  createdAt,
  duration: 1234,
};
const failed = {
  ...summary,
  status: 'failed',
  duration: 90_000,
  errorDetails: { type: 'node_failure', message: 'boom '.repeat(40), failedNodeName: 'Bank' },
};

let user: TestUser;
beforeEach(() => {
  user = testUser();
  user.save({ acme: caller });
});
afterEach(() => user.remove());

describe.each(['execution list', 'list executions'])('%s', (line) => {
  const page = { processInstanceId: 'i1', count: 2, executions: [summary, failed], nextCursor: null };

  it('lists with the columns of the contract, and why one failed', async () => {
    const run = await user.run(`${line} i1`, { replies: [ok(page)] });
    const rows = run.stdout.split('\n').map((row) => row.trim().replace(/ {2,}/g, '|'));
    expect(rows.slice(1, -2)).toEqual([
      '● Recent Executions (i1)',
      '',
      'ID|Workflow|Status|Duration|Created',
      `${executionId}|main|✓ success|1.2s|2026-03-30 10:11:12`,
      `${executionId}|main|✗ failed|1.5m|2026-03-30 10:11:12`,
      `└─ [Bank] ${'boom '.repeat(40)}`.slice(0, 83).trim(),
      '',
      'Showing 2 executions',
    ]);
  });

  it('keeps to the width of a terminal, with ids whole', async () => {
    const run = await user.run(`${line} i1`, { replies: [ok(page)], columns: 80 });
    const lines = run.stdout.split('\n');
    expect(lines.filter((each) => each.length > 80)).toEqual([]);
    expect(lines).toContain(`  ${executionId}  main      ✓ success  1.2s`);
    expect(lines).toContain('      2026-03-30 10:11:12');
  });

  it('asks for what the flags say', async () => {
    const flags = '--workflow-id main --failed-only --limit 100';
    const run = await user.run(`${line} i1 ${flags}`, { replies: [ok(page)] });
    expect(run.sent[0]?.url).toBe(
      'http://keys.test/v1/instances/i1/executions?workflowId=main&status=failed&limit=100',
    );
  });

  it('prints the body of the server with --json', async () => {
    const run = await user.run(`${line} i1 --json`, { replies: [ok(page)] });
    expect(run.json()).toEqual({ success: true, data: page, requestId: 'req-789' });
  });

  it('says on stderr that there are none', async () => {
    const replies = [ok({ ...page, count: 0, executions: [] })];
    const run = await user.run(`${line} i1 --failed-only`, { replies });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: 'No failed executions.\n' });
  });

  it.each(['0', '101', '2.5'])('exits 2 for --limit %s', async (limit) => {
    expect(await user.run(`${line} i1 --limit ${limit}`)).toMatchObject({ code: 2, sent: [] });
  });
});

describe.each(['execution get', 'get execution'])('%s', (line) => {
  const n8nExecution = { startedAt: createdAt, stoppedAt: '2026-03-30T10:11:13.579Z' };
  const execution = {
    ...summary,
    codikaExecutionId: executionId,
    n8nExecutionId: executionId,
    n8nExecution,
    startedBy: { method: 'instance-key', id: 'key1' },
    attempts: 1,
    finishedAt: '2026-03-30T10:11:13.579Z',
    resultData: { invoice: 'R-42' },
  };
  const get = `${line} ${executionId} --process-instance-id i1`;

  it('says who started it and what came of it', async () => {
    const run = await user.run(`${get} --deep --slim`, { replies: [ok({ execution })] });
    expect(run.sent[0]?.url).toBe(
      `http://keys.test/v1/instances/i1/executions/${executionId}?deep=true&slim=true`,
    );
    expect(run.stdout).toContain('● Execution Details');
    expect(run.stdout).toMatch(/Status: +success\n/);
    expect(run.stdout).toMatch(/Started By: +instance-key key1\n/);
    expect(run.stdout).toContain('"invoice": "R-42"');
    expect(run.stdout).not.toContain('n8n');
  });

  it('says what became of the last attempt, when the next one is, and when it is given up', async () => {
    const message = 'No connection to 127.0.0.1:9 could be made.';
    const lastFailure = { type: 'external_api_error', message, attempt: 3, at: createdAt };
    const awaited = { nextAttemptAt: '2026-03-30T10:11:20.000Z', givesUpAt: '2026-03-30T10:16:12.345Z' };
    const waiting = { ...execution, status: 'pending', lastFailure, ...awaited };
    const { stdout } = await user.run(get, { replies: [ok({ execution: waiting })] });
    expect(stdout).toMatch(/Last Attempt: +No connection to 127\.0\.0\.1:9 could be made\.\n/);
    expect(stdout).toMatch(/Next Attempt: +2026-03-30T10:11:20\.000Z\n/);
    expect(stdout).toMatch(/Gives Up At: +2026-03-30T10:16:12\.345Z\n/);
  });

  it('says what an engine with nodes tells', async () => {
    const told = { ...n8nExecution, data: { resultData: { runData: { a: [], b: [] } } } };
    const replies = [ok({ execution: { ...execution, n8nExecutionId: '77', n8nExecution: told } })];
    const run = await user.run(get, { replies });
    expect(run.stdout).toMatch(/n8n Execution ID: +77\n/);
    expect(run.stdout).toMatch(/Nodes Executed: +2\n/);
  });

  it('prints the flat JSON of the contract', async () => {
    const run = await user.run(`${get} --json`, { replies: [ok({ execution })] });
    expect(run.json()).toEqual({ success: true, execution, requestId: 'req-789' });
  });

  it('writes it to a file and says where', async () => {
    const outputPath = join(user.home, 'e.json');
    const run = await user.run(`${get} -o e.json --json`, { replies: [ok({ execution })] });
    expect(run.json()).toEqual({ success: true, data: { outputPath, executionId, status: 'success' } });
    expect(JSON.parse(readFileSync(outputPath, 'utf8'))).toEqual({
      success: true,
      execution,
      requestId: 'req-789',
    });
  });

  it('shows whoever holds the instance key what the door tells', async () => {
    const replies = [{ body: { success: true, execution: { executionId, status: 'pending', createdAt } } }];
    const run = await user.run(`${get} --api-key ck_EXAMPLE`, { replies });
    expect(run.sent[0]?.url).toBe(`http://keys.test/status/i1/${executionId}`);
    expect(run.stdout).toMatch(/Status: +pending\n/);
  });
});
