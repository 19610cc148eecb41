import { createHmac, randomBytes } from 'node:crypto';
import { sign as signGithub } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as Svix } from 'svix';
import { describe, expect, it } from 'vitest';
import { holdSecret } from './held-secret.ts';
import { createWebhookSigner, createWebhookVerifier, type WebhookFault, WebhookRefused } from './webhooks.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const other = `whsec_${randomBytes(24).toString('base64')}`;
const body = JSON.stringify({ order: 7, note: 'Grüße, 你好' });
const nowMs = 1_774_965_600_000;
const now = () => nowMs;

function signedByPeer(Peer: typeof Webhook | typeof Svix, prefix: string, atMs = nowMs) {
  const signature = new Peer(secret).sign('msg_1', new Date(atMs), body);
  const timestamp = String(Math.floor(atMs / 1000));
  return {
    [`${prefix}-id`]: 'msg_1',
    [`${prefix}-timestamp`]: timestamp,
    [`${prefix}-signature`]: signature,
  };
}

async function faultOf(verified: Promise<unknown>): Promise<WebhookFault> {
  const error = await verified.catch((caught: unknown) => caught);
  if (!(error instanceof WebhookRefused)) throw new Error(`was not refused: ${JSON.stringify(error)}`);
  return error.fault;
}

describe('Standard Webhooks', () => {
  const verifier = createWebhookVerifier(secret, { now });
  const signed = signedByPeer(Webhook, 'webhook');

  it.each([
    ['standardwebhooks', signed],
    ['svix', signedByPeer(Svix, 'svix')],
  ])('verifies what %s signs, by text, by bytes, and by either kind of headers', async (_peer, headers) => {
    const expected = { id: 'msg_1', sentAt: nowMs };
    expect(await verifier.verify(body, headers)).toEqual(expected);
    expect(await verifier.verify(Buffer.from(body), new Headers(headers))).toEqual(expected);
  });

  it('signs what both of them verify', async () => {
    const headers = await createWebhookSigner(secret).sign(body, 'msg_1');
    new Webhook(secret).verify(body, headers);
    new Svix(secret).verify(body, headers);
  });

  it('verifies with any of several secrets, and signs with each', async () => {
    const both = await createWebhookSigner([secret, other], { now }).sign(body, 'msg_1');
    for (const each of [secret, other]) {
      expect(await createWebhookVerifier(each, { now }).verify(body, both)).toMatchObject({ id: 'msg_1' });
    }
    const rotating = createWebhookVerifier([other, secret], { now });
    expect(await rotating.verify(body, signed)).toMatchObject({ id: 'msg_1' });
  });

  it.each<[string, WebhookFault, string, Record<string, string | string[]>]>([
    ['another body', 'mismatch', `${body} `, {}],
    ['another id', 'mismatch', body, { 'webhook-id': 'msg_2' }],
    ['another time', 'mismatch', body, { 'webhook-timestamp': String(nowMs / 1000 - 1) }],
    ['a time before the tolerance', 'clock-off', body, { 'webhook-timestamp': String(nowMs / 1000 - 301) }],
    ['a time after the tolerance', 'clock-off', body, { 'webhook-timestamp': String(nowMs / 1000 + 301) }],
    ['a time that is none', 'malformed', body, { 'webhook-timestamp': '1e9' }],
    ['an id with a dot', 'malformed', body, { 'webhook-id': 'msg.1' }],
    ['no signature', 'headers-missing', body, { 'webhook-signature': '' }],
    ['a signature that came twice', 'headers-missing', body, { 'webhook-signature': ['v1,a', 'v1,b'] }],
    ['a signature of another kind', 'mismatch', body, { 'webhook-signature': 'v1a,AAAA' }],
    ['two spellings that differ', 'malformed', body, { 'svix-id': 'msg_2' }],
  ])('refuses %s', async (_what, fault, text, changed) => {
    expect(await faultOf(verifier.verify(text, { ...signed, ...changed }))).toBe(fault);
  });

  it('refuses another secret, and no more than sixteen signatures are looked at', async () => {
    const foreign = createWebhookVerifier(other, { now });
    expect(await faultOf(foreign.verify(body, signed))).toBe('mismatch');
    const many = `${'v1,AAAA '.repeat(16)}${signed['webhook-signature']}`;
    expect(await faultOf(verifier.verify(body, { ...signed, 'webhook-signature': many }))).toBe('mismatch');
  });
});

describe('the schemes of others', () => {
  it('verifies what Stripe signs', async () => {
    const plain = 'stripe-secret-for-tests';
    const header = new Stripe('sk_test_EXAMPLE').webhooks.generateTestHeaderString({
      payload: body,
      secret: plain,
      timestamp: nowMs / 1000,
    });
    const verifier = createWebhookVerifier(plain, { scheme: 'stripe', now });
    expect(await verifier.verify(body, { 'stripe-signature': header })).toEqual({
      id: undefined,
      sentAt: nowMs,
    });
    expect(await faultOf(verifier.verify(`${body}x`, { 'stripe-signature': header }))).toBe('mismatch');
    expect(await faultOf(verifier.verify(body, { 'stripe-signature': `t=1,${header}` }))).toBe('malformed');
    expect(await faultOf(verifier.verify(body, { 'stripe-signature': 't=1,v1=00' }))).toBe('clock-off');
  });

  it('verifies what GitHub signs', async () => {
    const plain = 'github-secret-for-tests';
    const headers = { 'x-hub-signature-256': await signGithub(plain, body), 'x-github-delivery': 'd1' };
    const verifier = createWebhookVerifier(plain, { scheme: 'github', now });
    expect(await verifier.verify(body, headers)).toEqual({ id: 'd1', sentAt: undefined });
    expect(await faultOf(verifier.verify(`${body}x`, headers))).toBe('mismatch');
    expect(await faultOf(verifier.verify(body, { 'x-hub-signature': 'sha1=00' }))).toBe('headers-missing');
    expect(await faultOf(verifier.verify(body, { 'x-hub-signature-256': 'sha1=00' }))).toBe('malformed');
  });
});

it('makes the same MACs where there is no Node', async () => {
  const bytes = new Uint8Array(randomBytes(32));
  const text = new TextEncoder().encode(body);
  for (const encoding of ['base64', 'hex'] as const) {
    const expected = createHmac('sha256', bytes).update('a.1.').update(body).digest(encoding);
    expect(await holdSecret(bytes).mac('a.1.', text, encoding)).toBe(expected);
    expect(await holdSecret(bytes, null).mac('a.1.', text, encoding)).toBe(expected);
  }
});

it.each(['', 'whsec_', 'whsec_***', '***'])('refuses the secret %j without quoting it', (bad) => {
  const create = () => createWebhookVerifier(bad);
  expect(create).toThrow(TypeError);
  expect(create).not.toThrow(/\*\*\*/);
});
