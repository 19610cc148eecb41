import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { createTestClock, type TestClock } from '@latchkey/testkit';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics, type Metrics } from '../../platform/metrics.ts';
import { deriveSecrets } from '../../platform/secrets.ts';
import type { DoorPrincipal, Engine, EngineCall, EngineOutcome } from '../engine.ts';
import { createHttpEngine, createTargetPolicy } from './index.ts';

export const testSecrets = deriveSecrets(Buffer.alloc(32, 7));
export const webhookSecretBytes = Buffer.alloc(24, 9);
export const issuer = 'https://keys.example.com/base';

/** A program that is called: a real server on this machine. */
export interface TestTarget {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  close(): Promise<void>;
}

/** Answers one request. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Starts a target that answers as it is told, at a free port unless told which. */
export async function startTarget(answering: Answering, wantedPort = 0): Promise<TestTarget> {
  const server = createServer((request, response) => void answering(request, response));
  server.listen(wantedPort, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await request.toArray());
}

/** Resolves when the connection that a request came by is closed, however that happens. */
export function closeOf({ socket }: IncomingMessage): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

export interface TestEngine extends Engine {
  readonly clock: TestClock;
  readonly metrics: Metrics;
  readonly logLines: string[];
  /** Calls with everything that a call needs. */
  to(targetUrl: string, given?: Partial<EngineCall>, signal?: AbortSignal): Promise<EngineOutcome>;
}

export interface TestEngineOptions {
  /** As in LATCHKEY_ALLOWED_TARGETS; this machine, unless something else is said. */
  readonly allowed?: readonly string[];
  readonly lookup?: LookupFunction;
}

/** The engine with a clock that is moved. */
export function createTestEngine({ allowed = ['127.0.0.0/8'], lookup }: TestEngineOptions = {}): TestEngine {
  const [clock, metrics, logLines] = [createTestClock(), createMetrics(), [] as string[]];
  const engine = createHttpEngine({
    clock,
    metrics,
    secrets: testSecrets,
    publicUrl: () => issuer,
    policy: createTargetPolicy(allowed),
    log: createLogger('trace', { write: (line) => logLines.push(line) }),
    ...(lookup && { lookup }),
  });
  return {
    ...engine,
    clock,
    metrics,
    logLines,
    to: (targetUrl, given = {}, signal = new AbortController().signal) =>
      engine.call({ ...exampleCall(targetUrl, clock), ...given }, signal),
  };
}

export const examplePrincipal: DoorPrincipal = {
  method: 'instance-key',
  keyId: 'key-1',
  signingSecretId: null,
  userId: null,
  organizationId: 'org-1',
  instanceId: 'inst-1',
  workflowId: 'flow-1',
};

/** A call with everything that a call needs. */
export function exampleCall(targetUrl: string, clock: TestClock): EngineCall {
  return {
    executionId: 'exec-1',
    attempt: 1,
    targetUrl,
    mode: 'sync',
    body: Buffer.from('{"hello":"Wörld","executionMetadata":{"executionId":"exec-1"}}'),
    deadlineAtMs: clock.now() + 60_000,
    principal: examplePrincipal,
    webhookSecret: createSecretKey(webhookSecretBytes),
  };
}
