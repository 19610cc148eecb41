import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { TransportError } from './transport-error.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: Server[] = [];
const success = JSON.stringify({ success: true, data: { keyId: 'k1' }, requestId: 'r1' });

type Respond = (response: ServerResponse) => void;

function json(status: number, body: string): Respond {
  return (response) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
}

async function start(respond: Respond = json(200, success)) {
  const seen: Seen[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: Buffer.concat(await request.toArray()).toString() });
    respond(response);
  }
  const server = createServer((request, response) => void answer(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { seen, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function thrownBy(call: Promise<unknown>): Promise<TransportError> {
  const error = await call.catch((caught: unknown) => caught);
  if (!(error instanceof TransportError)) throw new Error('no TransportError was thrown');
  return error;
}

describe('call', () => {
  it('puts path parameters into the path, percent-encoded, and the rest into the JSON body', async () => {
    const { seen, baseUrl } = await start();
    await createClient({ baseUrl }).call('keys.update', { keyId: 'a/b?c', name: 'New', scopes: undefined });
    expect(seen[0]).toMatchObject({ method: 'PATCH', url: '/v1/keys/a%2Fb%3Fc', body: '{"name":"New"}' });
    expect(seen[0]?.headers['content-type']).toBe('application/json');
  });

  it('puts the rest of a GET into the query and sends no body', async () => {
    const { seen, baseUrl } = await start();
    const input = { organizationId: 'o1', state: 'all', limit: 200 } as const;
    await createClient({ baseUrl }).call('keys.listOfOrganization', input);
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: '/v1/organizations/o1/keys?state=all&limit=200',
      body: '',
    });
  });

  it.each(['keys.revokeAll', 'toString'])('throws where no operation is called %s', async (name) => {
    const { seen, baseUrl } = await start();
    const called = createClient({ baseUrl }).call(name as 'keys.whoami', {});
    await expect(called).rejects.toThrow(`No operation is called "${name}".`);
    expect(seen).toEqual([]);
  });

  it('sends an empty object where only the path carries input', async () => {
    const { seen, baseUrl } = await start();
    await createClient({ baseUrl }).call('keys.revoke', { keyId: 'k1' });
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/keys/k1/revoke', body: '{}' });
  });

  it('posts the whole input to an address given in place of the route', async () => {
    const { seen, baseUrl } = await start();
    const client = createClient({ baseUrl: 'http://127.0.0.1:9' });
    await client.call('keys.update', { keyId: 'k1', name: 'N' }, { url: `${baseUrl}/elsewhere` });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/elsewhere',
      body: '{"keyId":"k1","name":"N"}',
    });
  });

  it.each([
    [{ accessToken: 'token-of-a-session' }, 'Bearer token-of-a-session'],
    [{ apiKey: 'ck_dev_a3f9_EXAMPLE' }, 'Bearer ck_dev_a3f9_EXAMPLE'],
    [{ apiKey: 'ck_live_a3f9_EXAMPLE' }, 'Bearer ck_live_a3f9_EXAMPLE'],
  ])('sends the token of a session and an environment key as Bearer alone: %j', async (credential, sent) => {
    const { seen, baseUrl } = await start();
    await createClient({ baseUrl, ...credential }).call('sessions.me', {});
    expect(seen[0]?.headers.authorization).toBe(sent);
    expect(seen[0]?.headers).not.toHaveProperty('x-process-manager-key');
  });

  it('sends an instance key as X-API-Key alone', async () => {
    const { seen, baseUrl } = await start();
    await createClient({ baseUrl, apiKey: 'ck_EXAMPLE' }).call('keys.whoami', {});
    expect(seen[0]?.headers['x-api-key']).toBe('ck_EXAMPLE');
    expect(seen[0]?.headers).not.toHaveProperty('x-process-manager-key');
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('takes one credential, and none that could not stand in a header', () => {
    const baseUrl = 'http://127.0.0.1:9';
    expect(() => createClient({ baseUrl, apiKey: 'cko_a', accessToken: 'b' })).toThrow('not both');
    expect(() => createClient({ baseUrl, accessToken: 'two words' })).toThrow(TypeError);
  });

  it('sends the key in its header, and none where there is none', async () => {
    const { seen, baseUrl } = await start();
    await createClient({ baseUrl, apiKey: 'cko_EXAMPLE', userAgent: 'test/1' }).call('keys.whoami', {});
    await createClient({ baseUrl }).call('keys.whoami', {});
    expect(seen[0]?.headers).toMatchObject({
      'x-process-manager-key': 'cko_EXAMPLE',
      'user-agent': 'test/1',
    });
    expect(seen[1]?.headers).not.toHaveProperty('x-process-manager-key');
  });

  it('ignores slashes at the end of the base URL and keeps its path', async () => {
    const { seen, baseUrl } = await start();
    const client = createClient({ baseUrl: `${baseUrl}/prefix//` });
    await client.call('keys.whoami', {});
    expect(client.baseUrl).toBe(`${baseUrl}/prefix`);
    expect(seen[0]?.url).toBe('/prefix/v1/whoami');
  });

  it('returns a success with its status', async () => {
    const { baseUrl } = await start();
    const answer = await createClient({ baseUrl }).call('keys.whoami', {});
    expect(answer).toEqual({ success: true, data: { keyId: 'k1' }, requestId: 'r1', status: 200 });
  });

  it('returns a refusal with its status, also with a code that it does not know', async () => {
    const error = { code: 'FROM_THE_FUTURE', message: 'no' };
    const { baseUrl } = await start(json(418, JSON.stringify({ success: false, error, requestId: 'r2' })));
    const answer = await createClient({ baseUrl }).call('keys.whoami', {});
    expect(answer).toEqual({ success: false, error, requestId: 'r2', status: 418 });
  });
});

describe('a call without an envelope', () => {
  it('says that nothing listens, and where', async () => {
    const { baseUrl } = await start();
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const error = await thrownBy(createClient({ baseUrl }).call('keys.whoami', {}));
    expect(error.code).toBe('network-error');
    expect(error.message).toBe(`Cannot reach ${baseUrl}: connection refused.`);
    expect(error.nextAction).toContain('base URL');
  });

  it('says that the runtime refuses the port', async () => {
    const error = await thrownBy(createClient({ baseUrl: 'http://127.0.0.1:9' }).call('keys.whoami', {}));
    expect(error.message).toBe('Cannot reach http://127.0.0.1:9: this port is not allowed.');
  });

  it('says that a host name does not exist', async () => {
    const client = createClient({ baseUrl: 'http://no-such-host.invalid' });
    const error = await thrownBy(client.call('keys.whoami', {}));
    expect(error).toMatchObject({ code: 'network-error' });
    expect(error.message).toMatch(/host name/);
  });

  it('says that the server was too slow, also in the middle of the body', async () => {
    const { baseUrl } = await start((response) => response.writeHead(200).write('{"succ'));
    const client = createClient({ baseUrl, timeoutMs: 50 });
    const error = await thrownBy(client.call('keys.whoami', {}));
    expect(error.code).toBe('timeout');
    expect(error.message).toBe(`${baseUrl} did not answer within 0.05 seconds.`);
    const impatient = createClient({ baseUrl }).call('keys.whoami', {}, { timeoutMs: 20 });
    expect((await thrownBy(impatient)).message).toBe(`${baseUrl} did not answer within 0.02 seconds.`);
  });

  it.each([
    ['a page', 502, '<html>Bad gateway</html>'],
    ['nothing', 200, ''],
    ['null', 200, 'null'],
    ['a list', 200, '[]'],
    ['JSON without success', 200, '{"data":{}}'],
    ['success as text', 200, '{"success":"true","data":{}}'],
    ['success without data', 200, '{"success":true}'],
    ['a refusal without a code', 400, '{"success":false,"error":{"message":"x"}}'],
    ['a refusal in plain text', 400, '{"success":false,"error":"x"}'],
  ])('refuses %s as an answer and names the status', async (_what, status, body) => {
    const { baseUrl } = await start(json(status, body));
    const error = await thrownBy(createClient({ baseUrl }).call('keys.whoami', {}));
    expect(error.code).toBe('invalid-response');
    expect(error.message).toContain(`${baseUrl} answered HTTP ${status} (application/json)`);
  });

  it('never follows a redirect with the key', async () => {
    const elsewhere = await start();
    const { baseUrl } = await start((response) =>
      response.writeHead(307, { Location: `${elsewhere.baseUrl}/v1/whoami?token=t` }).end(),
    );
    const error = await thrownBy(createClient({ baseUrl, apiKey: 'cko_EXAMPLE' }).call('keys.whoami', {}));
    expect(error.code).toBe('invalid-response');
    expect(error.message).toContain(`redirects to ${elsewhere.baseUrl}.`);
    expect(error.message).not.toContain('token');
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('createClient', () => {
  it.each([
    'not a url',
    'ftp://host',
    '//host',
    'http://user:pass@host',
    'http://host/?a=1',
    'http://host/#x',
  ])('refuses the base URL %s', (baseUrl) => {
    expect(() => createClient({ baseUrl })).toThrow(TypeError);
  });

  it('refuses a key that no header can carry, without quoting it', () => {
    const create = () => createClient({ baseUrl: 'http://host', apiKey: 'cko_secret\nX-Evil: 1' });
    expect(create).toThrow(TypeError);
    expect(create).not.toThrow(/secret/);
  });

  it('loads no schema library', () => {
    const script = `
      const { registerHooks } = await import('node:module');
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      console.log(JSON.stringify(loaded));`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    const loaded = JSON.parse(run.stdout) as string[];
    const names = loaded.map((url) => url.split('/packages/').at(-1));
    expect(names.filter((name) => !name?.match(/^(sdk|keys)\/src\//)).sort()).toEqual([
      'protocol/src/bounded-map.ts',
      'protocol/src/lease.ts',
      'protocol/src/routes.ts',
      'protocol/src/verdict.ts',
    ]);
  });
});
