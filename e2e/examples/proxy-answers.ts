import { randomBytes } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrokenLatchkey, startBrokenLatchkey } from './broken-latchkey.ts';
import { buildFolder, type ExampleProcess, type ProxyName, startExample } from './example-process.ts';
import { siteEnvironment } from './site-environment.ts';

/** A new secret that looks like an instance key. */
export function newKey(): string {
  return `ck_${randomBytes(24).toString('hex')}`;
}

const json = { 'content-type': 'application/json' };

/** What a site answers whatever stands behind it. It was built while `keyAtBuild` was set. */
export function describeAnswers(name: ProxyName, keyAtBuild: string): void {
  const key = newKey();
  let latchkey: BrokenLatchkey;
  let site: ExampleProcess;
  const settings = (apiKey: string) =>
    siteEnvironment({
      apiKey,
      instanceId: 'my/instance',
      workflowIds: 'count-words, other words',
      latchkeyUrl: latchkey.baseUrl,
    });

  beforeAll(async () => {
    latchkey = await startBrokenLatchkey();
    site = await startExample(name, settings(key));
  });
  afterAll(async () => {
    await site.stop();
    await latchkey.close();
  });

  /** Calls the site as a browser does; nothing that it answers, ever, holds the key. */
  async function call(path: string, init: RequestInit = {}) {
    const response = await fetch(`${site.baseUrl}${path}`, { redirect: 'manual', ...init });
    const text = await response.text();
    const answer = [...response.headers].join() + text;
    expect([key, keyAtBuild].some((each) => answer.includes(each))).toBe(false);
    return { status: response.status, headers: response.headers, text };
  }

  async function trigger(body: unknown, headers: Readonly<Record<string, string>> = json) {
    return await call('/api/trigger', { method: 'POST', headers, body: JSON.stringify(body) });
  }

  const wanted = { workflowId: 'count-words', payload: { text: 'one two' } };

  it('tells Latchkey the key, and asks for the one instance that it is for', async () => {
    const keys: unknown[] = [];
    latchkey.answerWith((request, response) => {
      keys.push(request.headers['x-api-key']);
      response.writeHead(200, json).end('{"success":true}');
    });
    const sent = latchkey.arrived.length;
    await trigger({ ...wanted, workflowId: 'other words' });
    await call('/api/status/0190-abc');
    expect(keys).toEqual([key, key]);
    const asked = ['POST /webhook/my%2Finstance/other%20words', 'GET /status/my%2Finstance/0190-abc'];
    expect(latchkey.arrived.slice(sent)).toEqual(asked);
  });

  it.each([401, 403, 404, 412, 429, 500])('passes on a refusal with %i and its reason', async (status) => {
    const refusal = { success: false, error: 'In the words of Latchkey.', code: 'SOME_CODE' };
    latchkey.answerWith((_request, response) =>
      response.writeHead(status, { ...json, 'retry-after': '7' }).end(JSON.stringify(refusal)),
    );
    for (const answer of [await trigger(wanted), await call('/api/status/0190-abc')]) {
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toEqual(refusal);
      expect(answer.headers.get('retry-after')).toBe('7');
    }
  });

  describe('keeps from Latchkey', () => {
    it.each([
      'delete-all',
      '../status',
      'count-words/..',
      '',
      'COUNT-WORDS',
    ])('the workflow "%s", which the site does not offer', async (workflowId) => {
      const sent = latchkey.arrived.length;
      const answer = await trigger({ ...wanted, workflowId });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'WORKFLOW_NOT_ALLOWED']);
      expect(latchkey.arrived).toHaveLength(sent);
    });

    const bodies = [
      null,
      'text',
      [wanted],
      {},
      { workflowId: 'count-words' },
      { ...wanted, payload: 'text' },
    ];
    it.each(bodies.map((body) => ({ body })))('what is no trigger: $body', async ({ body }) => {
      const sent = latchkey.arrived.length;
      expect((await trigger(body)).status).toBe(400);
      expect(latchkey.arrived).toHaveLength(sent);
    });

    it('what another site can have a browser send', async () => {
      const sent = latchkey.arrived.length;
      const elsewhere = { 'content-type': 'text/plain', origin: 'https://elsewhere.example' };
      expect((await trigger(wanted, elsewhere)).status).toBeOneOf([403, 415]);
      expect(latchkey.arrived).toHaveLength(sent);
    });

    it.each(['..%2F..%2Fv1', 'a%3Fb', 'a%20b', 'a'.repeat(65)])('the execution "%s"', async (executionId) => {
      const sent = latchkey.arrived.length;
      expect((await call(`/api/status/${executionId}`)).status).toBeOneOf([400, 404]);
      expect(latchkey.arrived).toHaveLength(sent);
    });
  });

  it('follows no redirect, which would take the key along', async () => {
    const elsewhere = await startBrokenLatchkey();
    const location = `${elsewhere.baseUrl}/webhook`;
    latchkey.answerWith((_request, response) => response.writeHead(307, { location }).end());
    expect([(await trigger(wanted)).status, (await call('/api/status/0190-abc')).status]).toEqual([502, 502]);
    expect(elsewhere.arrived).toEqual([]);
    await elsewhere.close();
  });

  it('says that an answer which is no JSON was of no use', async () => {
    latchkey.answerWith((_request, response) => response.end('<h1>Welcome to nginx</h1>'));
    const answer = await trigger(wanted);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([502, 'BAD_GATEWAY']);
  });

  it('waits five seconds for Latchkey and no longer', async () => {
    latchkey.answerWith(() => undefined);
    const answers = await Promise.all([trigger(wanted), call('/api/status/0190-abc')]);
    const said = answers.map(({ status, text }) => [status, JSON.parse(text).code]);
    expect(said).toEqual([
      [504, 'GATEWAY_TIMEOUT'],
      [504, 'GATEWAY_TIMEOUT'],
    ]);
  });

  it('says that Latchkey cannot be reached', async () => {
    latchkey.answerWith((request) => request.socket.destroy());
    for (const answer of [await trigger(wanted), await call('/api/status/0190-abc')]) {
      expect(answer.status).toBe(502);
      expect(JSON.parse(answer.text).error).toContain('Latchkey cannot be reached');
    }
  });

  it('shows a page that names the workflows, and sends no script that holds the key', async () => {
    const page = await call('/');
    expect(page.text).toContain('count-words');
    const scripts = [...page.text.matchAll(/(?:src|href)="\.?(\/[^"]+\.js)/g)].map(([, path = '']) => path);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of new Set(scripts)) expect((await call(script)).status).toBe(200);
  });

  it('leaves the key that was set during the build out of what the build made', () => {
    const folder = buildFolder(name);
    const made = globSync('**', { cwd: folder }).map((path) => join(folder, path));
    const files = made.filter((path) => statSync(path).isFile());
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((path) => readFileSync(path).includes(keyAtBuild))).toEqual([]);
  });

  it('writes no key into its log', () => {
    expect(site.output()).toContain('Latchkey gave no answer');
    expect(site.output()).not.toContain(key);
  });

  it('names a setting that is missing when it starts', async () => {
    const outcome = await startExample(name, { ...settings(key), LATCHKEY_API_KEY: '' }).catch(String);
    if (typeof outcome === 'string') return expect(outcome).toMatch(/LATCHKEY_API_KEY\s+(- )?is not set/);
    await outcome.wrote('LATCHKEY_API_KEY is not set');
    const answer = await fetch(outcome.baseUrl);
    expect(answer.status).toBe(500);
    await outcome.stop();
  });
}
