import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { exportJWK, generateKeyPair } from 'jose';
import { type Delivery, type Lies, publishedKeyId, signDelivery } from './signed-delivery.ts';

/** A report as a target sends it. */
export interface Report {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Something that signs as Latchkey does, and, other than Latchkey, whatever it is told to. */
export interface SigningLatchkey {
  readonly baseUrl: string;
  /** `whsec_…` */
  readonly webhookSecret: string;
  /** The reports that arrived, oldest first. */
  readonly reports: readonly Report[];
  /** Resolves once so many reports are there. */
  reported(count: number): Promise<void>;
  /** The status that reports are answered with from now on; 200 until then. */
  answerReportsWith(status: number): void;
  /** A delivery to the target at this origin, right in everything but the lies. */
  sign(origin: string, payload: object, lies?: Lies): Promise<Delivery>;
  close(): Promise<void>;
}

/** A new secret in the form of Standard Webhooks. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** The reports that arrived, and those who wait for more. */
class Inbox {
  readonly reports: Report[] = [];
  readonly #waiting = new Set<() => void>();

  add(report: Report): void {
    this.reports.push(report);
    for (const check of this.#waiting) check();
  }

  async holds(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const check = () => {
        if (this.reports.length >= count) resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}

async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Listens on loopback; its keys are at `/.well-known/jwks.json`, and whatever is posted is a report. */
export async function startSigningLatchkey(): Promise<SigningLatchkey> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: publishedKeyId, use: 'sig', alg: 'EdDSA' }] };
  const inbox = new Inbox();
  let reportStatus = 200;

  async function takeReport(request: IncomingMessage, response: ServerResponse): Promise<void> {
    inbox.add({ path: request.url ?? '', body: (await json(request)) as Report['body'] });
    response.writeHead(reportStatus).end('{}');
  }

  const server = createServer((request, response) => {
    if (request.method === 'GET') response.end(JSON.stringify(jwks));
    else void takeReport(request, response);
  });
  const baseUrl = await listen(server);
  const webhookSecret = newWebhookSecret();
  const signer = { baseUrl, key: privateKey, webhookSecret };
  return {
    baseUrl,
    webhookSecret,
    reports: inbox.reports,
    reported: (count) => inbox.holds(count),
    answerReportsWith(status) {
      reportStatus = status;
    },
    sign: (origin, payload, lies = {}) => signDelivery(signer, origin, payload, lies),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
