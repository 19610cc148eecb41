import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEnvironmentKey, generateKey } from '@latchkey/keys';
import { describeEachEngine } from '@latchkey/testkit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoorStage, type Made, startDoor } from '../domains/gateway/door-for-tests.ts';
import { must } from '../domains/people-for-tests.ts';
import { createPieces, type Pieces } from './pieces.ts';
import { dumpTables } from './tables.ts';
import { exchange } from './wire.ts';

const unknownId = '019d312f-0000-7000-8000-00000000000a';

/** How a key comes to stand in the query. */
const spellings: readonly ((key: string) => string)[] = [
  (key) => `?api_key=${key}`,
  (key) => `?source=iot&api_key=${key}&device=7`,
  (key) => `?API_KEY=${key}`,
  (key) => `?Api_Key=${key}`,
  (key) => `?api%5Fkey=${key}`,
  (key) => `?%61%70i_key=${key}`,
  (key) => `?api_key=${[...key].map((each) => `%${each.charCodeAt(0).toString(16)}`).join('')}`,
  (key) => `?api_key=%20${key}+`,
  (key) => `?api_key=${key}&api_key=${key}`,
  (key) => `?&&api_key=${key}&&`,
  (key) => `?api_key=${key}%zz`,
  (key) => `?api_key=${key}%`,
  (key) => `?api_key==${key}`,
  (key) => `?api_key=${key}?api_key=${key}`,
  (key) => `?api_key=${key}#${key}`,
  (key) => `?api_key[]=${key}`,
  (key) => `?apikey=${key}&key=${key}&token=${key}`,
  (key) => `?a=1;api_key=${key}`,
  (key) => `?${key}`,
  (key) => `?${key}=1`,
  (key) => `;api_key=${key}`,
  (key) => `/${key}`,
];

function bytesIn(folder: string): string {
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
}

describeEachEngine('a key in the URL', (open, engine) => {
  const pieces: Pieces = createPieces();
  let door: DoorStage;
  let made: Made;
  let queryless: Made;
  let dataDir: string;
  beforeAll(async () => {
    const store = await open();
    dataDir = store.dataDir;
    door = await startDoor(store);
    made = await door.create(door.acme);
    queryless = await door.create(door.acme, { queryKeys: false });
    for (const { apiKey } of [made, queryless]) pieces.watch('the live key', apiKey);
  });
  afterAll(() => door.close());

  /** One key of each kind, new ones each time. */
  function keys(): readonly string[] {
    const fresh = [
      generateKey('instance'),
      generateKey('organization'),
      generateKey('personal'),
      generateEnvironmentKey('prod').secret,
      generateKey('instance').slice(0, -5),
      `${generateKey('instance').slice(0, -1)}_`,
      `ck_${generateKey('instance')}`,
      `Bearer-${generateKey('instance').slice(3)}`,
    ];
    for (const key of fresh) pieces.watch('a key that is none', key);
    return [made.apiKey, queryless.apiKey, ...fresh];
  }

  function expectNothingIn(text: string, where: string): void {
    expect(pieces.foundIn(text), where).toEqual([]);
  }

  async function sendEverySpelling(path: string, methods: readonly string[]): Promise<number[]> {
    const statuses: number[] = [];
    for (const spell of spellings) {
      const planted = keys();
      for (const [index, key] of planted.entries()) {
        const method = methods[index % methods.length] ?? 'POST';
        const sent = method === 'POST' ? { method, body: '{"payload":{}}' } : { method };
        const answer = await door.send(path + spell(key), sent);
        expect(answer.status, `${path}${spell('KEY')}`).toBeLessThan(500);
        expectNothingIn(JSON.stringify([answer.headers, answer.text]), `${method} ${path}${spell('KEY')}`);
        statuses.push(answer.status);
      }
    }
    return statuses;
  }

  it('is found where it stands, in any piece behind its prefix', () => {
    const own = createPieces();
    const key = generateKey('instance');
    own.watch('there', key);
    for (let start = 3; start + 16 <= key.length; start += 1) {
      expect(own.foundIn(`GET /webhook?x=${key.slice(start, start + 16)}.`)).toEqual(['there']);
    }
    expect(own.foundIn(`${key.slice(0, 12)} ${encodeURIComponent('nothing of it')}`)).toEqual([]);
  });

  describe.each(['/webhook', '/triggerwebhookpublic'])('that is sent to %s', (prefix) => {
    it('lets in where it is right, and is repeated nowhere', async () => {
      const statuses = await sendEverySpelling(`${prefix}/${made.processInstanceId}/main`, ['POST']);
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
      expect(statuses.filter((status) => status === 401).length).toBeGreaterThan(50);
    });

    it.each([
      ['a paused or other instance', () => queryless.processInstanceId, 'main'],
      ['no workflow', () => made.processInstanceId, 'none'],
      ['no instance', () => unknownId, 'main'],
      ['what is no id', () => '%zz', 'main'],
      ['too long an id', () => 'x'.repeat(500), 'main'],
    ])('is not repeated for %s', async (_name, id, workflow) => {
      const statuses = await sendEverySpelling(`${prefix}/${id()}/${workflow}`, ['POST', 'GET', 'PUT']);
      expect(statuses).not.toContain(200);
    });
  });

  it.each(['/status', '/getexecutionstatuspublic'])('is not repeated by %s', async (prefix) => {
    await sendEverySpelling(`${prefix}/${made.processInstanceId}/${unknownId}`, ['GET', 'HEAD']);
  });

  it('is refused by every other operation, and not repeated', async () => {
    for (const path of ['/v1/instances', '/listprocessinstancespublic', '/v1/whoami', '/verifyapikey']) {
      for (const key of keys()) {
        const answer = await door.send(
          `${path}?api_key=${key}`,
          path === '/verifyapikey' ? { method: 'POST' } : {},
        );
        expect([answer.status, answer.body.error.code]).toEqual([401, 'KEY_IN_URL_REFUSED']);
        expectNothingIn(JSON.stringify([answer.headers, answer.text]), path);
      }
    }
  });

  it.each([
    '/',
    '/nowhere',
    '/v1/instances',
    '/v1/projects',
    `/v1/instances/${unknownId}/executions`,
    '/submitworkflowresult',
    '/healthz',
    '/metrics',
    '/docs',
    '/.well-known/jwks.json',
    '/oauth/authorize',
    '//webhook//x',
    '/webhook',
    '/webhook/%ff/%',
    '/%zz',
    '*',
  ])('is not repeated by %s', async (path) => {
    await sendEverySpelling(path, ['GET', 'POST', 'DELETE', 'OPTIONS']);
  });

  it('is not repeated for what is not HTTP, and for a URL with its host in it', async () => {
    const { port } = new URL(door.baseUrl);
    for (const key of keys()) {
      const path = `/webhook/${made.processInstanceId}/main?api_key=${key}`;
      const requests = [
        `POST ${path}\r\n\r\n`,
        `POST ${path}\u0080 HTTP/1.1\r\n\r\n`,
        `POST ${path} HTTP/9.9\r\n\r\n`,
        `POST ${path} HTTP/1.1\r\nhost: x\r\n bad: \u0001\r\n\r\n`,
        `POST http://other.example${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
        `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n\r\n`,
        `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n\r\nhello`,
        `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close, upgrade\r\nupgrade: websocket\r\n\r\n`,
      ];
      for (const request of requests) expectNothingIn(await exchange(Number(port), request), request);
    }
  });

  it('stands in no log line, no metric and no request to the target', async () => {
    await door.settled();
    const { logLines } = door.app;
    expect(logLines.filter((line) => line.includes('"answered"')).length).toBeGreaterThan(2000);
    for (const line of logLines) expectNothingIn(line, line);
    expect(door.delivered.length).toBeGreaterThan(5);
    expectNothingIn(JSON.stringify(door.delivered), 'what the target got');
    expectNothingIn((await door.send('/metrics')).text, 'the metrics');
  });

  it('stands in no row and no file', async () => {
    await door.app.deps.lastUsed.flush();
    expectNothingIn(JSON.stringify(await dumpTables(door.app.deps.store)), 'the database');
    if (engine === 'sqlite') expectNothingIn(bytesIn(dataDir), 'the files');
  });

  it('is all that is looked for: secrets of executions, members, targets and senders stay where they belong', async () => {
    const { app, acme } = door;
    const { deps } = app;
    const { token } = acme.owner;
    const signing = `whsec_${Buffer.alloc(32, 'planted signing ').toString('base64')}`;
    const place = { processInstanceId: made.processInstanceId, workflowId: 'main' };
    const { signingSecretId } = await must(app, 'signingSecrets.add', { ...place, secret: signing }, token);
    pieces.watch('the signing secret', signing.slice(3));
    pieces.watch('the key of the signing secret', 'planted signing planted signing ');
    pieces.watch('the webhook secret', made.webhookSecret.slice(3));
    for (const { organization_id, user_id, member_secret_sealed } of await deps.store.db
      .selectFrom('memberships')
      .selectAll()
      .execute()) {
      const purpose = `member-secret/${organization_id}/${user_id}`;
      pieces.watch('a member secret', deps.secrets.unseal(member_secret_sealed, purpose));
    }
    const at = new Date(app.clock.now());
    const headers = {
      'webhook-id': 'msg_planted',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(signing).sign('msg_planted', at, '{}'),
    };
    const path = `/webhook/${made.processInstanceId}/main`;
    const started = await door.send(path, { headers, body: '{}' });
    expect(started.status).toBe(200);
    await door.settled();
    const executionSecrets = door.delivered.map(({ body }) => String(body.executionMetadata.executionSecret));
    for (const secret of executionSecrets) pieces.watch('an execution secret', `xs_${secret}`);
    const { executionId } = started.body;
    const [secret = ''] = executionSecrets.slice(-1);
    const answers = [
      started,
      await door.send(path, { headers, body: '{"changed":true}' }),
      await door.send(`/status/${made.processInstanceId}/${executionId}`, {
        headers: { 'x-api-key': made.apiKey },
      }),
      ...(await Promise.all(
        [
          `/v1/instances/${made.processInstanceId}`,
          `/v1/instances/${made.processInstanceId}/executions`,
          `/v1/instances/${made.processInstanceId}/executions/${executionId}`,
          `/v1/instances/${made.processInstanceId}/workflows/main/signing-secrets`,
        ].map((each) => door.send(each, { headers: { authorization: `Bearer ${token}` } })),
      )),
      ...(await Promise.all(
        [secret, secret.slice(1), 'x'].map((executionSecret) =>
          door.send('/submitworkflowresult', {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ executionId, executionSecret, resultData: { executionSecret: 'none' } }),
          }),
        ),
      )),
    ];
    for (const { text, headers: answered } of answers)
      expectNothingIn(JSON.stringify([answered, text]), text);
    await must(app, 'signingSecrets.retire', { ...place, signingSecretId }, token);
    for (const line of app.logLines) expectNothingIn(line, line);
    expectNothingIn(JSON.stringify(await dumpTables(deps.store)), 'the database');
    if (engine === 'sqlite') expectNothingIn(bytesIn(dataDir), 'the files');
    const toTarget = door.delivered.map(({ body, ...request }) => {
      const { executionSecret: _, ...metadata } = body.executionMetadata;
      return { ...request, body, metadata: { ...metadata } };
    });
    const beside = toTarget.map(({ url, headers: sent, metadata }) => ({ url, sent, metadata }));
    expectNothingIn(JSON.stringify(beside), 'what the target got beside its execution secret');
  });
});
