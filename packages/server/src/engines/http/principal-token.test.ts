import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { startTestApp, temporaryFolder } from '@latchkey/testkit';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicJwk } from '../../platform/jwt.ts';
import { deriveSecrets } from '../../platform/secrets.ts';
import type { EngineCall } from '../engine.ts';
import {
  bodyOf,
  createTestEngine,
  exampleCall,
  examplePrincipal,
  issuer,
  startTarget,
  type TestEngine,
  type TestTarget,
  testSecrets,
  webhookSecretBytes,
} from './engine-for-tests.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let engine: TestEngine;
let target: TestTarget;
let received: Received[] = [];

beforeAll(async () => {
  engine = createTestEngine();
  target = await startTarget(async (request, response) => {
    received.push({ headers: request.headers, body: await bodyOf(request) });
    response.end();
  });
});
afterAll(async () => {
  await engine.close();
  await target.close();
});

async function receive(given: Partial<EngineCall> = {}): Promise<Received> {
  received = [];
  expect(await engine.to(`${target.url}/hook?a=b`, given)).toMatchObject({ kind: 'answered' });
  const [first] = received;
  if (first === undefined) throw new Error('the target was not called');
  return first;
}

const keySet = { keys: [{ ...publicJwk(testSecrets.principalKey) }] };

function verify({ headers }: Received, changed: Readonly<Record<string, unknown>> = {}) {
  return jwtVerify(String(headers['x-latchkey-principal']), createLocalJWKSet(keySet), {
    issuer,
    audience: target.url,
    algorithms: ['EdDSA'],
    currentDate: new Date(engine.clock.now()),
    ...changed,
  });
}

describe('what a target receives', () => {
  it('has these headers and no other', async () => {
    const { headers, body } = await receive();
    expect(headers).toEqual({
      host: `127.0.0.1:${target.port}`,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'content-length': String(body.length),
      'user-agent': expect.stringMatching(/^latchkey\/\d+\.\d+\.\d+$/),
      'webhook-id': 'exec-1',
      'webhook-timestamp': String(engine.clock.now() / 1000),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
      'x-latchkey-principal': expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{86}$/),
    });
  });
});

describe('the principal', () => {
  it('says who came, how, where to and with what', async () => {
    const got = await receive({ attempt: 3 });
    const { payload, protectedHeader } = await verify(got);
    const issuedAt = engine.clock.now() / 1000;
    expect(payload).toEqual({
      iss: issuer,
      aud: target.url,
      sub: 'key:key-1',
      iat: issuedAt,
      exp: issuedAt + 60,
      jti: 'exec-1.3',
      method: 'instance-key',
      key_id: 'key-1',
      user_id: null,
      organization_id: 'org-1',
      instance_id: 'inst-1',
      workflow_id: 'flow-1',
      execution_id: 'exec-1',
      body_sha256: createHash('sha256').update(got.body).digest('hex'),
    });
    expect(protectedHeader).toEqual({
      alg: 'EdDSA',
      typ: 'JWT',
      kid: await calculateJwkThumbprint(publicJwk(testSecrets.principalKey)),
    });
  });

  it('names the signing secret where a signature opened the door', async () => {
    const principal = {
      ...examplePrincipal,
      method: 'signature',
      keyId: null,
      signingSecretId: 's-1',
    } as const;
    const { payload } = await verify(await receive({ principal }));
    expect(payload).toMatchObject({ sub: 'signature:s-1', method: 'signature', key_id: null });
  });

  it('is good for a minute, for this target, from this server', async () => {
    const got = await receive();
    const inSeconds = (seconds: number) => ({ currentDate: new Date(engine.clock.now() + seconds * 1000) });
    await expect(verify(got, inSeconds(59))).resolves.toBeDefined();
    await expect(verify(got, inSeconds(60))).rejects.toThrow(/exp/);
    await expect(verify(got, { audience: 'https://other.example' })).rejects.toThrow(/aud/);
    await expect(verify(got, { issuer: 'https://other.example' })).rejects.toThrow(/iss/);
  });

  it('cannot be changed, and is not signed by a server with another master key', async () => {
    const { headers } = await receive();
    const token = String(headers['x-latchkey-principal']);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), key_id: 'key-2' })).toString(
      'base64url',
    );
    for (const changed of [`${header}.${forged}.${signature}`, `${header}.${payload}.`]) {
      await expect(jwtVerify(changed, createLocalJWKSet(keySet))).rejects.toThrow();
    }
    const other = { keys: [{ ...publicJwk(deriveSecrets(Buffer.alloc(32, 8)).principalKey) }] };
    await expect(jwtVerify(token, createLocalJWKSet(other))).rejects.toThrow(/no applicable key/);
  });
});

describe('the signature', () => {
  it('is what standardwebhooks accepts, over the exact body', async () => {
    engine.clock.advance(Date.now() - engine.clock.now());
    const webhook = new Webhook(webhookSecretBytes.toString('base64'));
    const { headers, body } = await receive({ body: Buffer.from('{"a": "ü\\u0000"}\r\n') });
    const signed = headers as Record<string, string>;
    expect(webhook.verify(body, signed)).toEqual({ a: 'ü\0' });
    expect(() => webhook.verify(body.toString().trim(), signed)).toThrow(/signature/);
    expect(() => webhook.verify(body, { ...signed, 'webhook-id': 'exec-2' })).toThrow(/signature/);
  });
});

describe('the published keys', () => {
  it('are those that principals are signed with, may be kept for five minutes, and hold nothing private', async () => {
    const dataDir = temporaryFolder('principal-keys');
    const app = await startTestApp({ engine: 'sqlite', dataDir, databaseUrl: undefined });
    const { status, headers, body } = await app.call('/.well-known/jwks.json');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/jwk-set\+json/);
    expect(headers['cache-control']).toBe('public, max-age=300');
    expect(Object.keys(body.keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    received = [];
    await app.deps.engine.call(exampleCall(target.url, app.clock), new AbortController().signal);
    const token = String(received[0]?.headers['x-latchkey-principal']);
    const currentDate = new Date(app.clock.now());
    const { payload } = await jwtVerify(token, createLocalJWKSet(body), { currentDate });
    expect(payload.iss).toBe(app.deps.publicUrl());
    await app.close();
  });

  it('are found over the network by a target that knows the issuer alone', async () => {
    const published = await startTarget((_request, response) => {
      const set: JSONWebKeySet = keySet;
      response.setHeader('content-type', 'application/jwk-set+json').end(JSON.stringify(set));
    });
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', published.url));
    const { headers } = await receive();
    const token = String(headers['x-latchkey-principal']);
    const currentDate = new Date(engine.clock.now());
    expect((await jwtVerify(token, keys, { currentDate })).payload.jti).toBe('exec-1.1');
    await published.close();
  });
});
