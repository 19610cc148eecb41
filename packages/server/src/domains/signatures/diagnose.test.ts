import { hmacSettings } from '@latchkey/protocol';
import { describe, expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { signatureError } from './explain.ts';
import { signatureHeadersIn } from './present.ts';
import { type Headers, requestOf, signedAtMs, storedSecret } from './requests-for-tests.ts';
import type { Refused, SignedRequest, SigningSecret } from './scheme.ts';
import { type Sender, senders } from './senders-for-tests.ts';
import { verifySignature } from './verify.ts';

function refusalOf(request: SignedRequest, secrets: readonly SigningSecret[]): Refused {
  const verdict = verifySignature(request, secrets);
  if (verdict.ok) throw new Error('accepted');
  return diagnose(request, secrets, verdict);
}

function senderOf(scheme: string): Sender {
  const sender = senders.find(({ pasted }) => pasted.scheme === scheme);
  if (sender === undefined) throw new Error(`no sender of ${scheme}`);
  return sender;
}

function storedOf({ pasted, secret }: Sender): SigningSecret {
  return storedSecret({ ...pasted, secret });
}

const [standard, stripe, github] = [senderOf('standard'), senderOf('stripe'), senderOf('github')];

async function signedBy(sender: Sender, body: string, atMs = signedAtMs): Promise<Headers> {
  return sender.sign({ id: 'msg_1', body, atMs }, sender.secret);
}

describe('a refusal', () => {
  it('names the headers that came and the schemes that are stored', async () => {
    const request = requestOf(await signedBy(stripe, '{}'), '{}');
    const error = signatureError(refusalOf(request, [storedOf(standard), storedOf(github)]));
    expect(error).toMatchObject({ code: 'INVALID_SIGNATURE', status: 401 });
    expect(error.details).toEqual({
      cause: 'other_provider',
      presented: ['stripe'],
      stored: ['standard', 'github'],
    });
    expect(error.message).toContain(
      'those of Stripe, and the stored secrets are for Standard Webhooks and GitHub',
    );
  });

  it('tells a clock that is off from milliseconds', async () => {
    const late = requestOf(await signedBy(standard, '{}'), '{}', signedAtMs + 340_000);
    expect(signatureError(refusalOf(late, [storedOf(standard)]))).toMatchObject({
      code: 'SIGNATURE_EXPIRED',
      status: 401,
      details: { cause: 'clock_off', secondsOff: 340, direction: 'behind', toleranceSeconds: 300 },
      message: expect.stringContaining('340 seconds behind this server'),
    });
    const inMilliseconds = requestOf(await signedBy(standard, '{}', signedAtMs * 1000), '{}');
    const error = signatureError(refusalOf(inMilliseconds, [storedOf(standard)]));
    expect(error.details).toMatchObject({ cause: 'clock_off', direction: 'ahead', unit: 'milliseconds' });
    expect(error.nextAction).toContain('in seconds');
  });

  it('without any secret is one of its own', async () => {
    const request = requestOf(await signedBy(github, '{}'), '{}');
    expect(signatureError(refusalOf(request, []))).toMatchObject({
      code: 'NO_SIGNING_SECRET',
      status: 401,
      details: { cause: 'no_secret' },
    });
  });

  it('holds no secret, no digest and no signature, whatever the cause', async () => {
    for (const sender of senders) {
      const secret = storedOf(sender);
      const right = await signedBy(sender, '{"a":1}');
      const expected = right[sender.signatureHeader] ?? '';
      const requests = [
        requestOf(right, '{"a": 1}'),
        requestOf(right, '{"a":2}'),
        requestOf(right, '{"a":1}', signedAtMs + 400_000),
        requestOf(await sender.signRaw({ id: 'm', body: '{}', atMs: signedAtMs }, ` ${sender.secret}`), '{}'),
      ];
      const refusals = requests.flatMap((request) => {
        const verdict = verifySignature(request, [secret]);
        return verdict.ok ? [] : [diagnose(request, [secret], verdict)];
      });
      for (const { message, nextAction, details } of refusals.map(signatureError)) {
        const told = JSON.stringify({ message, nextAction, details });
        for (const hidden of [sender.secret.slice(-12), expected.slice(-12)])
          expect(told).not.toContain(hidden);
        expect(told).not.toMatch(/[0-9a-f]{20}|[A-Za-z0-9+/]{40}/);
      }
    }
  });
});

describe('the search for a cause', () => {
  const pretty = JSON.stringify({ text: 'x'.repeat(256 * 1024 - 40), n: 1 }, null, 2);

  it('looks at a body of 256 KiB, and at none that is larger', async () => {
    const secret = storedOf(github);
    const sent = JSON.stringify(JSON.parse(pretty));
    const signed = await signedBy(github, pretty);
    expect(refusalOf(requestOf(signed, sent), [secret]).problem).toBe('body_reserialised');
    const larger = pretty.replace('xx', 'x'.repeat(100));
    const request = requestOf(await signedBy(github, larger), JSON.stringify(JSON.parse(larger)));
    expect(refusalOf(request, [secret]).problem).toBe('mismatch');
  });

  it('gives up after a fixed number of signatures, however many secrets are stored', async () => {
    const others = Array.from({ length: 300 }, (_, index) =>
      storedSecret({ ...github.pasted, secret: `not the secret ${index}` }),
    );
    const request = requestOf(await signedBy(github, '{"a":1}'), '{"a": 1}');
    expect(refusalOf(request, [...others, storedOf(github)]).problem).toBe('mismatch');
    expect(refusalOf(request, [...others.slice(0, 2), storedOf(github)]).problem).toBe('body_reserialised');
  });

  it.each([
    '[',
    '{"a":',
    '['.repeat(100_000),
    '\u0000',
    '"\\ud800"',
    '{"__proto__":{"a":1}}',
    'null',
    '1e999',
  ])('survives the body %.20j', async (body) => {
    const request = requestOf(await signedBy(github, 'something else'), body);
    expect(refusalOf(request, [storedOf(github)]).problem).toBe('mismatch');
  });

  it('finds numbers written otherwise, escapes, and characters in the wrong encoding', async () => {
    const pairs = [
      ['{"a":1.0,"b":1e2}', '{ "a": 1.0, "b": 1e2 }'],
      ['{"a":1,"b":100}', '{"a":1.0,"b":1e2}'],
      ['{"url":"https:\\/\\/a.example"}', '{"url":"https://a.example"}'],
      ['{"html":"\\u003cb\\u003e"}', '{"html":"<b>"}'],
      ['{"name":"Zoë"}', Buffer.from('{"name":"Zoë"}').toString('latin1')],
      [Buffer.from('{"name":"Zoë"}').toString('latin1'), '{"name":"Zoë"}'],
      ['{"c":1,"a":2,"b":3}', '{"a":2,"b":3,"c":1}'],
    ] as const;
    for (const [signed, sent] of pairs) {
      const request = requestOf(await signedBy(github, signed), sent);
      expect(refusalOf(request, [storedOf(github)]).problem).toBe('body_reserialised');
    }
  });

  it('does not take the empty key for a form of a secret', async () => {
    const headers = await github.signRaw({ id: 'm', body: '{}', atMs: signedAtMs }, '\0');
    expect(refusalOf(requestOf(headers, '{}'), [storedOf(github)]).problem).toBe('mismatch');
  });
});

describe('a request', () => {
  const settings = hmacSettings.parse({ header: 'X-Mac' });
  const byMac = storedSecret({ scheme: 'hmac', secret: 'twelve bytes', settings });

  it.each([
    ['webhook-id', ['standard']],
    ['svix-timestamp', ['standard']],
    ['stripe-signature', ['stripe']],
    ['x-hub-signature', ['github']],
    ['x-hub-signature-256', ['github']],
    ['x-mac', ['hmac']],
    ['x-github-delivery', []],
    ['x-api-key', []],
  ] as const)('with %s alone claims the schemes %j', (name, schemes) => {
    const request = requestOf({ [name]: 'x' }, '');
    expect(signatureHeadersIn(request, [byMac])).toEqual(schemes);
    if (schemes.length > 0) expect(verifySignature(request, [byMac]).ok).toBe(false);
  });

  it('with nothing of a signature claims none, and is refused by name if it is checked', () => {
    const request = requestOf({}, '');
    expect(signatureHeadersIn(request, [])).toEqual([]);
    expect(verifySignature(request, [byMac])).toMatchObject({ details: { missing: ['x-mac'] } });
  });

  it('signed by two providers must satisfy each of whom a secret is stored', async () => {
    const both = { ...(await signedBy(github, '{}')), ...(await signedBy(stripe, '{}')) };
    const [ofGithub, ofStripe] = [storedOf(github), storedOf(stripe)];
    expect(verifySignature(requestOf(both, '{}'), [ofGithub, ofStripe]).ok).toBe(true);
    const halfWrong = { ...both, ...(await signedBy(stripe, '[]')) };
    expect(verifySignature(requestOf(halfWrong, '{}'), [ofGithub, ofStripe]).ok).toBe(false);
    expect(verifySignature(requestOf(halfWrong, '{}'), [ofGithub])).toMatchObject({ secretId: ofGithub.id });
  });
});
