import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Output } from '@latchkey/protocol';
import type { KeyFacts, VerdictCode } from '@latchkey/protocol/verdict';
import type { VerifierClock } from './clock.ts';
import type { Renewal } from './lease-stream.ts';

type Answered = Output<'keys.verify'>;
type Body = Readonly<Record<string, unknown>>;

/** What a key is at the scripted server. */
export interface ScriptedKey {
  facts: KeyFacts | null;
  code?: VerdictCode;
  units?: number;
  unitsUntil?: number | null;
  rateLimit?: Answered['rateLimit'];
  /** In place of the number of the last change. */
  asOf?: number;
}

export const facts: KeyFacts = {
  keyId: 'k1',
  name: 'CI',
  family: 'organization',
  organizationId: 'o1',
  organizationName: 'Acme',
  userId: null,
  processInstanceId: null,
  scopes: ['workflows:trigger'],
  environment: null,
  workspace: null,
  resources: null,
  expiresAt: null,
  revokedAt: null,
  disabledAt: null,
  isBoundToAddresses: false,
  counting: null,
};

/** A clock that only the test moves; both hands at once, or one of them. */
export function createTestClock(): VerifierClock & {
  elapsed: number;
  wall: number;
  advance(ms: number): void;
} {
  return {
    elapsed: 1_000,
    wall: Date.UTC(2026, 0, 1),
    elapsedMs() {
      return this.elapsed;
    },
    now() {
      return this.wall;
    },
    advance(ms) {
      this.elapsed += ms;
      this.wall += ms;
    },
  };
}

/** A server that speaks the part of the protocol that a verifier uses, and does so when and as the test says. */
export async function startScriptedLatchkey(clock: VerifierClock) {
  const keys = new Map<string, ScriptedKey>();
  const asked: Body[] = [];
  const renewals: Body[] = [];
  const released: Body[] = [];
  const waiting: (() => void)[] = [];
  const held: (() => void)[] = [];
  const lease = { leaseMs: 3_000, aheadMs: 0 };
  let holds = false;
  let cursor = 1;
  let history = 'a';
  let news: Pick<Renewal, 'keyIds' | 'reset'> | undefined;

  function verdictOf({ key, verifier }: Body): unknown {
    const { facts: known = null, code, ...rest }: ScriptedKey = keys.get(String(key)) ?? { facts: null };
    const said = code ?? (known === null ? 'NOT_FOUND' : 'VALID');
    const { units = 0, unitsUntil = null, rateLimit = null, asOf = cursor } = rest;
    return {
      valid: said === 'VALID',
      code: said,
      keyId: known?.keyId ?? null,
      rateLimit,
      budget: null,
      ...(verifier !== undefined && { kept: { asOf, facts: known, units, unitsUntil } }),
    };
  }

  function renewal(): Renewal {
    const { keyIds = [], reset = false } = news ?? {};
    news = undefined;
    const mark = `${history}${cursor}`;
    return { cursor, mark, leaseMs: lease.leaseMs, reset, keyIds, now: clock.now() + lease.aheadMs };
  }

  function answer(url: string, body: Body, send: (data: unknown) => void): void {
    if (url === '/v1/keys/verify') {
      asked.push(body);
      const verdict = verdictOf(body);
      if (holds) held.push(() => send(verdict));
      else send(verdict);
    } else if (url === '/v1/verifiers/lease') {
      renewals.push(body);
      if (body.waitMs === 0 || news !== undefined) send(renewal());
      else waiting.push(() => send(renewal()));
    } else {
      released.push(body);
      send({ released: true });
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Body;
    answer(request.url ?? '', body, (data) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ success: true, data, requestId: 'r' }));
    });
  }

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    /** Bodies of verifications, of renewals and of releases, in their order. */
    asked,
    renewals,
    released,
    lease,
    /** Verdicts are made up at once and sent by `letGo`. */
    holdVerdicts(): void {
      holds = true;
    },
    letGo(): void {
      holds = false;
      for (const send of held.splice(0)) send();
    },
    /** Answers whoever waits for a change. */
    tell(change: Partial<Pick<Renewal, 'keyIds' | 'reset'>>): void {
      cursor += 1;
      news = { keyIds: [], reset: false, ...change };
      waiting.shift()?.();
    },
    /** Goes on from an earlier state, by other changes. */
    goBack(to: number): void {
      cursor = to;
      history = 'b';
      news = { keyIds: [], reset: true };
      waiting.shift()?.();
    },
    /** Ends a wait without a change. */
    renew(): void {
      waiting.shift()?.();
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ScriptedLatchkey = Awaited<ReturnType<typeof startScriptedLatchkey>>;
