import { hmacSettings } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { type Headers, requestOf, signedAtMs, storedSecret } from './requests-for-tests.ts';
import type { Accepted, SigningSecret } from './scheme.ts';
import { type Sender, senders } from './senders-for-tests.ts';
import { verifySignature } from './verify.ts';
import { writings } from './writings-for-tests.ts';

function accepted(
  headers: Headers,
  body: string,
  secrets: readonly SigningSecret[],
  nowMs = signedAtMs,
): Accepted {
  const verdict = verifySignature(requestOf(headers, body, nowMs), secrets);
  if (!verdict.ok) throw new Error(`refused: ${verdict.problem}`);
  return verdict;
}

function senderOf(name: string): Sender & { readonly stored: SigningSecret } {
  const sender = senders.find((each) => each.name === name);
  if (sender === undefined) throw new Error(`no sender ${name}`);
  return { ...sender, stored: storedSecret({ ...sender.pasted, secret: sender.secret }) };
}

const message = { id: 'msg_1', body: writings.event.compact, atMs: signedAtMs };

describe.each(senders)('a message signed by $name', (sender) => {
  const secret = storedSecret({ ...sender.pasted, secret: sender.secret });

  it('is the same message when it comes again, and not another one', async () => {
    const headers = await sender.sign(message, sender.secret);
    const first = accepted(headers, message.body, [secret]);
    expect(accepted(headers, message.body, [secret], signedAtMs + 200_000).messageId).toBe(first.messageId);
    const next = { ...message, id: 'msg_2', body: writings.event.compact.replace('evt_1', 'evt_2') };
    const other = accepted(await sender.sign(next, sender.secret), next.body, [secret]);
    expect(other.messageId).not.toBe(first.messageId);
  });

  it('is remembered for as long as it could be played again', async () => {
    const headers = await sender.sign({ ...message, atMs: signedAtMs + 300_000 }, sender.secret);
    const { rememberMs } = accepted(headers, message.body, [secret]);
    const replay = requestOf(headers, message.body, signedAtMs + rememberMs);
    if (sender.isTimed) expect(verifySignature(replay, [secret]).ok).toBe(false);
    else expect(rememberMs).toBe(30 * 24 * 3_600_000);
    expect(rememberMs).toBeGreaterThanOrEqual(600_000);
  });
});

describe('a message that is signed with two secrets', () => {
  it.each([
    'standardwebhooks',
    'stripe',
  ])('of %s stays one, whichever signature is left out', async (name) => {
    const { stored, ...sender } = senderOf(name);
    const other = storedSecret({ ...sender.pasted, secret: sender.otherSecret });
    // A body without the id of an event, so that nothing else names the message.
    const plain = { ...message, body: writings.push.compact };
    const [one, two] = await Promise.all([
      sender.sign(plain, sender.secret),
      sender.sign(plain, sender.otherSecret),
    ]);
    const ids = [one, two].map((headers) => accepted(headers, plain.body, [stored, other]).messageId);
    expect(ids[0]).toBe(ids[1]);
  });
});

describe('Stripe', () => {
  it('delivering an event again with a new timestamp sends the same message', async () => {
    const { stored, secret, sign } = senderOf('stripe');
    const first = accepted(await sign(message, secret), message.body, [stored]);
    const again = await sign({ ...message, atMs: signedAtMs + 60_000 }, secret);
    expect(first.messageId).toBe('stripe:evt_1PqK2');
    expect(accepted(again, message.body, [stored], signedAtMs + 60_000).messageId).toBe(first.messageId);
  });

  it('has no event id elsewhere than in front', async () => {
    const { stored, secret, sign } = senderOf('stripe');
    for (const body of [
      '{"object":"event","id":"evt_1"}',
      '{"id":"in_1"}',
      'evt_1',
      '{"x":{"id":"evt_1"}}',
    ]) {
      const { messageId } = accepted(await sign({ ...message, body }, secret), body, [stored]);
      expect(messageId).toMatch(/^stripe:[A-Za-z0-9_-]{43}$/);
    }
  });

  it('accepts no v0, no second timestamp and none of them without a v1', async () => {
    const { stored, secret, sign } = senderOf('stripe');
    const { 'stripe-signature': header = '' } = await sign(message, secret);
    const bad = [
      header.replace('v1=', 'v0='),
      `${header},t=1700000000`,
      `${header}, ${header}`,
      header.slice(13),
    ];
    for (const value of bad) {
      const verdict = verifySignature(requestOf({ 'stripe-signature': value }, message.body), [stored]);
      expect(verdict).toMatchObject({ ok: false, problem: 'malformed' });
    }
    const good = [
      `${header},v0=aa`,
      header.replace(',v1', `,v1=${'0'.repeat(64)},v1`),
      header.replace(',', ', '),
    ];
    for (const value of good) accepted({ 'stripe-signature': value }, message.body, [stored]);
  });
});

describe('a tolerance of its own', () => {
  it('holds in both directions, and lengthens the memory', async () => {
    const { secret, sign, pasted } = senderOf('standardwebhooks');
    const stored = storedSecret({ ...pasted, secret, toleranceSeconds: 3600 });
    const headers = await sign(message, secret);
    for (const offset of [-3_600_000, 3_600_000]) {
      expect(accepted(headers, message.body, [stored], signedAtMs + offset).rememberMs).toBe(
        3 * 24 * 3_600_000,
      );
      const beyond = requestOf(headers, message.body, signedAtMs + offset + Math.sign(offset) * 1000);
      expect(verifySignature(beyond, [stored])).toMatchObject({ problem: 'clock_off' });
    }
  });
});

describe('an HMAC by settings', () => {
  it('takes neither a placeholder nor a replacement pattern out of a header', async () => {
    const settings = hmacSettings.parse({
      header: 'x-mac',
      template: '{id}|{timestamp}|{body}',
      idHeader: 'x-id',
      timestampHeader: 'x-time',
    });
    const { signRaw, secret } = senderOf('@octokit/webhooks-methods, read by settings');
    const stored = storedSecret({ scheme: 'hmac', secret, settings });
    for (const id of ['{timestamp}', '{body}', '$&', '$1', '{id}']) {
      const signed = await signRaw({ ...message, body: `${id}|1700000000|{}` }, secret);
      const headers = { 'x-mac': signed['x-sensor-hmac'] ?? '', 'x-id': id, 'x-time': '1700000000' };
      expect(accepted(headers, '{}', [stored]).messageId).toBe(`hmac:${id}`);
    }
  });
});
