import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { createVerifier } from '@latchkey/sdk';
import { latchkey as latchkeyForExpress } from '@latchkey/sdk/express';
import { latchkey as latchkeyForFastify } from '@latchkey/sdk/fastify';
import { type LatchkeyVariables, latchkey as latchkeyForHono, type Principal } from '@latchkey/sdk/hono';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { buildNextApp, startNextApp } from './next-process.ts';
import { guardOptions } from './presented-keys.ts';

/** A program with one guarded route, `GET /orders/7`, listening. */
export interface Guarded {
  readonly baseUrl: string;
  /** Everything that its operator was told. */
  told(): string;
  close(): Promise<unknown>;
}

/** The server that is asked, and who asks. */
export interface Given {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** What is passed to the middleware of every framework, and what becomes of it. */
function common({ baseUrl, apiKey }: Given) {
  const verifier = createVerifier({ baseUrl, apiKey, maxRetries: 0 });
  const errors: string[] = [];
  const onError = (error: Error) => void errors.push(`cannot verify: ${error.stack}`);
  return {
    options: { ...guardOptions, verifier, onError, problemJson: true, realm: 'orders' },
    told: () => errors.join('\n'),
    close: () => verifier.close(),
  };
}

/** What the route answers: whose key came. */
function shown({ keyId, organization, principal: { type }, scopes }: Principal) {
  return { keyId, organization: organization.name, type, scopes };
}

async function startFastify(given: Given): Promise<Guarded> {
  const { options, told, close } = common(given);
  const app = fastify();
  app.get('/orders/7', { onRequest: latchkeyForFastify(options) }, async (request) =>
    shown(request.latchkey),
  );
  const baseUrl = await app.listen({ port: 0, host: '127.0.0.1' });
  return { baseUrl, told, close: () => Promise.all([app.close(), close()]) };
}

/** Lets a server of Node listen. */
async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startExpress(given: Given): Promise<Guarded> {
  const { options, told, close } = common(given);
  const app = express();
  app.get('/orders/7', latchkeyForExpress(options), (request, response) => {
    response.json(shown(request.latchkey));
  });
  const server = createServer(app);
  return { baseUrl: await listening(server), told, close: () => close().finally(() => server.close()) };
}

async function startHono(given: Given): Promise<Guarded> {
  const { options, told, close } = common(given);
  const app = new Hono<{ Variables: LatchkeyVariables }>();
  app.use('/orders/*', latchkeyForHono({ ...options, ip: (c) => getConnInfo(c).remote.address }));
  app.get('/orders/7', (c) => c.json(shown(c.get('latchkey'))));
  const server = createAdaptorServer(app) as Server;
  return { baseUrl: await listening(server), told, close: () => close().finally(() => server.close()) };
}

async function startNext(given: Given): Promise<Guarded> {
  nextApp ??= buildNextApp();
  return await startNextApp(await nextApp, given);
}
let nextApp: Promise<string> | undefined;

/** Each framework in its own words. */
export const frameworks = { fastify: startFastify, express: startExpress, hono: startHono, next: startNext };
