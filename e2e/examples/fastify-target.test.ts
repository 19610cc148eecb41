import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExampleProcess, runScript, startExample } from './example-process.ts';
import type { Delivery, Lies } from './signed-delivery.ts';
import { newWebhookSecret, type SigningLatchkey, startSigningLatchkey } from './signing-latchkey.ts';
import { startTarget } from './target-process.ts';

function trustIn({ baseUrl, webhookSecret }: SigningLatchkey) {
  return { latchkeyUrl: baseUrl, webhookSecret };
}

describe('the Fastify target', () => {
  let latchkey: SigningLatchkey;
  let target: ExampleProcess;

  beforeAll(async () => {
    latchkey = await startSigningLatchkey();
    target = await startTarget(async () => trustIn(latchkey));
  });
  afterAll(async () => {
    await target.stop();
    await latchkey.close();
  });

  async function send(path: string, { headers, body }: Pick<Delivery, 'headers' | 'body'>) {
    const response = await fetch(`${target.baseUrl}${path}`, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  const deliver = async (payload: object, lies?: Lies) => await latchkey.sign(target.baseUrl, payload, lies);

  it('answers the result, or why there is none', async () => {
    const result = { words: 2, characters: 7 };
    expect(await send('/sync', await deliver({ text: 'one two' }))).toEqual({ status: 200, body: result });
    const refused = await send('/sync', await deliver({ text: 7 }));
    expect(refused).toEqual({ status: 422, body: { error: 'Send the text to count as "text".' } });
  });

  it('reports the result, or why there is none, where and as it is told to', async () => {
    const before = latchkey.reports.length;
    for (const text of ['one two', 7]) {
      const delivery = await deliver({ text });
      expect(await send('/callback', delivery)).toEqual({ status: 202, body: undefined });
      await latchkey.reported(before + (text === 7 ? 2 : 1));
      const proof = { executionId: delivery.id, executionSecret: `secret of ${delivery.id}` };
      const errorMessage = 'Send the text to count as "text".';
      expect(latchkey.reports.at(-1)).toEqual(
        text === 7
          ? { path: '/error', body: { ...proof, errorType: 'validation_error', errorMessage } }
          : { path: '/result', body: { ...proof, resultData: { words: 2, characters: 7 } } },
      );
    }
  });

  describe('refuses', () => {
    const minuteMs = 60_000;
    const forgeries: Readonly<Record<string, () => Lies | Promise<Lies>>> = {
      'a principal that another key has signed': async () => ({
        key: (await generateKeyPair('EdDSA', { crv: 'Ed25519' })).privateKey,
      }),
      'a principal of a key that Latchkey does not publish': () => ({ kid: 'key-2' }),
      'a principal for another target': () => ({ audience: 'https://target.example' }),
      'a principal of another Latchkey': () => ({ issuer: 'https://keys.example' }),
      'a principal that has expired': () => ({ expiresAt: new Date(Date.now() - minuteMs) }),
      'a principal that never expires': () => ({ expiresAt: null }),
      'a principal of another body': () => ({ digestOf: '{"text":"another"}' }),
      'a signature by another secret': () => ({ webhookSecret: newWebhookSecret() }),
      'a signature of six minutes ago': () => ({ sentAt: new Date(Date.now() - 6 * minuteMs) }),
      'a signature of in six minutes': () => ({ sentAt: new Date(Date.now() + 6 * minuteMs) }),
    };

    it.each(Object.keys(forgeries))('%s', async (name) => {
      const reports = latchkey.reports.length;
      const delivery = await deliver({ text: 'one two' }, await forgeries[name]?.());
      for (const path of ['/sync', '/callback']) expect((await send(path, delivery)).status).toBe(401);
      expect(latchkey.reports).toHaveLength(reports);
    });

    it.each([
      'x-latchkey-principal',
      'webhook-id',
      'webhook-timestamp',
      'webhook-signature',
    ])('a delivery without %s', async (header) => {
      const { headers, body } = await deliver({ text: 'one two' });
      const others = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header));
      expect((await send('/sync', { headers: others, body })).status).toBe(401);
    });

    it('a body with one more space, which means the same', async () => {
      const { headers, body } = await deliver({ text: 'one two' });
      expect((await send('/sync', { headers, body: `${body} ` })).status).toBe(401);
    });

    it('a principal that nobody has signed', async () => {
      const { headers, body } = await deliver({ text: 'one two' });
      const [, claims] = headers['x-latchkey-principal']?.split('.') ?? [];
      const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
      const forged = { ...headers, 'x-latchkey-principal': unsigned };
      expect((await send('/sync', { headers: forged, body })).status).toBe(401);
    });

    it('everything, for now, while it cannot have the keys of Latchkey', async () => {
      const gone = await startSigningLatchkey();
      const orphan = await startTarget(async () => trustIn(gone));
      await gone.close();
      const { headers, body } = await gone.sign(orphan.baseUrl, { text: 'one two' });
      const response = await fetch(`${orphan.baseUrl}/sync`, { method: 'POST', headers, body });
      expect(response.status).toBe(503);
      await orphan.stop();
    });
  });

  describe('of one execution', () => {
    it('does the work once, and gives every repetition what came of it', async () => {
      const first = await deliver({ text: 'one two' });
      const again = await deliver({ text: 'one two three' }, { id: first.id });
      const result = { words: 2, characters: 7 };
      const answers = await Promise.all([first, first, again, again].map((each) => send('/sync', each)));
      expect(answers.map(({ body }) => body)).toEqual([result, result, result, result]);
    });

    it('reports once, and again only what was not taken', async () => {
      const before = latchkey.reports.length;
      const delivery = await deliver({ text: 'one two' });
      latchkey.answerReportsWith(503);
      await send('/callback', delivery);
      await target.wrote('not reported');
      latchkey.answerReportsWith(200);
      for (let i = 0; i < 5; i += 1) expect((await send('/callback', delivery)).status).toBe(202);
      await send('/callback', await deliver({ text: 'the last one' }));
      await latchkey.reported(before + 3);
      const reported = latchkey.reports.slice(before).map(({ body }) => body.executionId);
      expect(reported.filter((id) => id === delivery.id)).toHaveLength(2);
    });
  });

  it('writes no secret into its log', () => {
    expect(target.output()).toContain('not reported');
    expect(target.output()).not.toMatch(/secret of|whsec_|eyJ/);
  });

  it('holds its own types', async () => await runScript('fastify-target', 'check'));

  it('names a setting that is missing', async () => {
    const start = startExample('fastify-target', {
      LATCHKEY_URL: latchkey.baseUrl,
      TARGET_WEBHOOK_SECRET: '',
    });
    await expect(start).rejects.toThrow('TARGET_WEBHOOK_SECRET is not set');
  });
});
