import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { sign as signAsGithub, verify as verifyAsGithub } from '@octokit/webhooks-methods';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import {
  type NewSecret,
  secretFromText,
  secretToText,
  verifySignature,
} from '../packages/server/src/domains/signatures/index.ts';
import type { Check } from './processor-time.ts';

/** The names of the checks of libraries, and of our own. */
export const libraryNames = ['standardwebhooks', 'svix', 'stripe', '@octokit/webhooks-methods'] as const;
export const ownNames = ['Latchkey, standard', 'Latchkey, Stripe', 'Latchkey, GitHub'] as const;
export const refusalName = 'Latchkey, standard, refused';
export const plainName = 'plain HMAC with a KeyObject';

type Headers = Readonly<Record<string, string>>;

/** What Node's requests carry besides, so that headers are looked up in an object of ordinary size. */
const ordinaryHeaders: Headers = {
  host: 'hooks.example.com',
  'user-agent': 'Sender/1.0 (+https://sender.example)',
  'content-type': 'application/json; charset=utf-8',
  'content-length': '1024',
  accept: '*/*',
  'accept-encoding': 'gzip',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'https',
};

/** An event as Stripe writes it, of about as many bytes. */
function eventOf(sizeBytes: number): string {
  const line = { id: 'il_1PqK2', amount: 1200, currency: 'eur', description: 'Seat, monthly', taxed: true };
  const lines = Array.from({ length: Math.max(1, Math.round((sizeBytes - 120) / 158)) }, () => line);
  return JSON.stringify({ id: 'evt_1PqK2', object: 'event', type: 'invoice.paid', data: { lines } }, null, 2);
}

function latchkey(pasted: NewSecret, headers: Headers, body: Buffer): Check {
  const secrets = [secretFromText(secretToText(pasted), { id: 's1', retired: false })];
  const all: Headers = { ...ordinaryHeaders, ...headers };
  const header = (name: string) => all[name];
  return () => verifySignature({ header, body, nowMs: Date.now() }, secrets).ok;
}

/** Libraries throw for what they refuse. */
function accepts(check: () => unknown): Check {
  return () => {
    check();
    return true;
  };
}

function plainCheck(secret: Buffer, before: string, body: Buffer): Check {
  const key = createSecretKey(secret);
  const sign = () => createHmac('sha256', key).update(before).update(body).digest();
  const given = sign();
  return () => timingSafeEqual(sign(), given);
}

function standardChecks(body: Buffer, at: Date): Record<string, Check> {
  const bytes = randomBytes(32);
  const secret = `whsec_${bytes.toString('base64')}`;
  const [id, timestamp] = ['msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', String(Math.floor(at.getTime() / 1000))];
  const webhook = new StandardWebhook(secret);
  const svix = new SvixWebhook(secret);
  const signed = (signature: string) => ({
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  });
  const headers = signed(webhook.sign(id, at, body));
  const wrong = signed(`v1,${randomBytes(32).toString('base64')}`);
  return {
    standardwebhooks: accepts(() => webhook.verify(body, headers, { jsonParse: false })),
    svix: accepts(() => svix.verify(body, headers)),
    'Latchkey, standard': latchkey({ scheme: 'standard', secret }, headers, body),
    [refusalName]: latchkey({ scheme: 'standard', secret }, wrong, body),
    [plainName]: plainCheck(bytes, `${id}.${timestamp}.`, body),
  };
}

function stripeChecks(body: Buffer, at: Date): Record<string, Check> {
  const secret = `whsec_${randomBytes(16).toString('hex')}`;
  const timestamp = Math.floor(at.getTime() / 1000);
  const header = Stripe.webhooks.generateTestHeaderString({ payload: String(body), secret, timestamp });
  return {
    stripe: accepts(() => Stripe.webhooks.constructEvent(body, header, secret)),
    'Latchkey, Stripe': latchkey({ scheme: 'stripe', secret }, { 'stripe-signature': header }, body),
  };
}

async function githubChecks(body: Buffer): Promise<Record<string, Check>> {
  const secret = randomBytes(20).toString('hex');
  const text = String(body);
  const signature = await signAsGithub(secret, text);
  const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': crypto.randomUUID() };
  return {
    '@octokit/webhooks-methods': () => verifyAsGithub(secret, text, signature),
    'Latchkey, GitHub': latchkey({ scheme: 'github', secret }, headers, body),
  };
}

/** Every check over a body of about this size, signed at this moment by the libraries. */
export async function signatureChecks(sizeBytes: number, at: Date): Promise<Record<string, Check>> {
  const body = Buffer.from(eventOf(sizeBytes));
  return { ...standardChecks(body, at), ...stripeChecks(body, at), ...(await githubChecks(body)) };
}
