import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Operation, operations } from '@latchkey/protocol';
import { operationIds, type Route, routes } from '@latchkey/protocol/routes';
import { afterEach, describe, expect, it } from 'vitest';
import { LatchkeyApiError } from './api-error.ts';
import { type ClientOptions, createClient } from './client.ts';
import { isRepeatable } from './repetition.ts';

const servers: Server[] = [];
const success = JSON.stringify({ success: true, data: { keyId: 'k1' }, requestId: 'r1' });

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A client of a server that goes through these answers, the last of which it repeats; its pauses are only noted. */
async function clientOf(answers: readonly RequestListener[], options: Partial<ClientOptions> = {}) {
  const keys: (string | string[] | undefined)[] = [];
  const pausesMs: number[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers['idempotency-key']);
    answers[Math.min(keys.length, answers.length) - 1]?.(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delay: async (ms) => void pausesMs.push(ms),
    random: () => 0,
    ...options,
  });
  return { client, keys, pausesMs };
}

function answering(status: number, headers: Record<string, string> = {}): RequestListener {
  const error = { code: 'UNAVAILABLE', message: 'Not now.', nextAction: 'Later.' };
  const body = status < 300 ? success : JSON.stringify({ success: false, error, requestId: 'r2' });
  return (_request, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
}

const cutOff: RequestListener = (request) => void request.socket.destroy();

describe('a call that fails for the moment', () => {
  it.each([
    ['an answer of 503', answering(503)],
    ['an answer of 429', answering(429)],
    [
      'a page of a proxy',
      ((_request, response) => void response.writeHead(502).end('<html>')) as RequestListener,
    ],
    ['a connection that breaks', cutOff],
  ])('is sent again after %s when it only reads', async (_what, failure) => {
    const { client, pausesMs } = await clientOf([failure, failure, answering(200)]);
    expect(await client.callOrThrow('keys.whoami', {})).toEqual({ keyId: 'k1' });
    expect(pausesMs).toEqual([100, 200]);
  });

  it('is given back as it stands when it still fails', async () => {
    const { client, keys } = await clientOf([answering(503)]);
    expect(await client.call('keys.whoami', {})).toMatchObject({ status: 503 });
    expect(keys).toHaveLength(3);
    const broken = await clientOf([cutOff], { maxRetries: 1 });
    await expect(broken.client.call('keys.whoami', {})).rejects.toMatchObject({ code: 'network-error' });
    expect(broken.keys).toHaveLength(2);
  });

  it('is never sent again when it changes something', async () => {
    const { client, keys } = await clientOf([answering(503)]);
    expect(await client.call('keys.revoke', { keyId: 'k1' })).toMatchObject({ status: 503 });
    expect(keys).toEqual([undefined]);
  });

  it('is sent again with the same idempotency key when it has one', async () => {
    const { client, keys } = await clientOf([cutOff, answering(503), answering(200)]);
    await client.callOrThrow('keys.revoke', { keyId: 'k1' }, { idempotencyKey: 'once-7' });
    expect(keys).toEqual(['once-7', 'once-7', 'once-7']);
  });

  it('is never sent again for what the caller has to correct', async () => {
    const { client, keys } = await clientOf([answering(403)]);
    await client.call('keys.whoami', {});
    expect(keys).toHaveLength(1);
  });

  it('waits as long as the server asks', async () => {
    const { client, pausesMs } = await clientOf([answering(429, { 'Retry-After': '7' }), answering(200)]);
    await client.callOrThrow('keys.whoami', {});
    expect(pausesMs).toEqual([7_000]);
  });

  it('begins no wait that would end after its time', async () => {
    const { client, pausesMs } = await clientOf([answering(429, { 'Retry-After': '60' })]);
    expect(await client.call('keys.whoami', {})).toMatchObject({ status: 429 });
    expect(pausesMs).toEqual([]);
  });
});

describe('callOrThrow', () => {
  it('throws a refusal with everything that the server said', async () => {
    const { client } = await clientOf([answering(403)]);
    const error = await client.callOrThrow('keys.whoami', {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(LatchkeyApiError);
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: 'Not now.',
      status: 403,
      nextAction: 'Later.',
      details: undefined,
      requestId: 'r2',
    });
  });

  it('ends with the reason of a signal, and sends nothing again', async () => {
    const controller = new AbortController();
    const { client, keys } = await clientOf([() => controller.abort(new Error('enough'))]);
    const call = client.callOrThrow('keys.whoami', {}, { signal: controller.signal });
    await expect(call).rejects.toThrow('enough');
    expect(keys).toHaveLength(1);
  });
});

it('knows of every operation whether it only reads', () => {
  const repeatable = operationIds.filter((id) => isRepeatable(id, routes[id], undefined));
  const reading = operationIds.filter((id) => {
    const operation: Operation = operations[id];
    return (routes[id] as Route).method === 'GET' || operation.readsOnly === true;
  });
  expect(repeatable).toEqual(reading);
});
