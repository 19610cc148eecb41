import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describeEachEngine } from '@latchkey/testkit';
import { sign as signAsGithub } from '@octokit/webhooks-methods';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minuteMs, secondMs } from '../../platform/clock.ts';
import { must } from '../people-for-tests.ts';
import { countRows } from '../rows-for-tests.sql.ts';
import { type Sender, senders } from '../signatures/senders-for-tests.ts';
import { type DoorStage, type Made, type Sent, startDoor, triggerPaths } from './door-for-tests.ts';

/** The body of a message; some senders name a message by nothing else. */
function bodyOf(message: number): string {
  return `{"id":"evt_${message}","amount":1200,"note":"Grüße","nested":{"b":2,"a":1}}`;
}

describeEachEngine('a signed message at the door', (open) => {
  let door: DoorStage;
  let messages = 0;
  beforeAll(async () => {
    door = await startDoor(await open());
  });
  // In each second only some refused signatures are explained.
  beforeEach(() => door.app.clock.advance(secondMs));
  afterAll(() => door.close());

  const executions = () => countRows(door.app.deps.store, 'executions');

  /** A message of this sender, as it signs it now. */
  async function sign(
    sender: Sender,
    given: { body?: string; id?: string; laterMs?: number; secret?: string } = {},
  ) {
    messages += 1;
    const { body = bodyOf(messages), id = `msg_${messages}`, laterMs = 0, secret = sender.secret } = given;
    const headers = await sender.sign({ id, body, atMs: door.app.clock.now() + laterMs }, secret);
    return { headers, body, id };
  }

  /** Stores the secret of a sender; answers what it is stored at and as. */
  async function store(
    { pasted, secret }: Pick<Sender, 'pasted' | 'secret'>,
    made: Made,
    workflowId = 'main',
  ) {
    const place = { processInstanceId: made.processInstanceId, workflowId };
    const added = await must(
      door.app,
      'signingSecrets.add',
      { ...place, ...pasted, secret },
      door.acme.owner.token,
    );
    return { ...place, signingSecretId: added.signingSecretId };
  }

  function deliver(made: Made, sent: Sent, { workflow = 'main', prefix = '/webhook' } = {}) {
    const headers = { 'content-type': 'application/json', ...sent.headers };
    return door.send(`${prefix}/${made.processInstanceId}/${workflow}`, { ...sent, headers });
  }

  /** What the target got of an execution, without what is told of the execution itself. */
  async function payloadOf(executionId: string): Promise<unknown> {
    await door.settled();
    const got = door.delivered.filter(({ body }) => body.executionMetadata.executionId === executionId);
    expect(got.length).toBe(1);
    const { executionMetadata: _, ...payload } = got[0]?.body ?? {};
    return payload;
  }

  async function expectRefused(made: Made, sent: Sent, at = {}): Promise<string> {
    const before = await executions();
    const answer = await deliver(made, sent, at);
    expect(answer.status, answer.text).toBe(401);
    expect(await executions()).toBe(before);
    return answer.body.code;
  }

  describe.each(senders)('of $name', (sender) => {
    let made: Made;
    beforeAll(async () => {
      made = await door.create(door.acme);
      await store(sender, made);
    });

    it.each(triggerPaths)('starts the workflow at %s with what was sent', async (prefix) => {
      const sent = await sign(sender);
      const answer = await deliver(made, sent, { prefix });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body.message).toBe('Execution started');
      expect(await payloadOf(answer.body.executionId)).toEqual(JSON.parse(sent.body));
    });

    it('answers a repetition with the first execution, and starts nothing', async () => {
      const sent = await sign(sender, { body: '{"repeated":true}' });
      const first = await deliver(made, sent);
      const before = await executions();
      for (const prefix of triggerPaths) {
        const again = await deliver(made, sent, { prefix });
        expect(again.status).toBe(200);
        expect(again.body.executionId).toBe(first.body.executionId);
        expect(again.body.message).toContain('before');
      }
      expect(await executions()).toBe(before);
      expect(await payloadOf(first.body.executionId)).toEqual({ repeated: true });
    });

    it('is refused once anything of it is changed', async () => {
      const sent = await sign(sender);
      const { body } = sent;
      const bodies = [
        body.replace('1200', '9200'),
        `${body} `,
        ` ${body}`,
        `${body}\n`,
        JSON.stringify(JSON.parse(body), null, 2),
        body.replace('"b":2,"a":1', '"a":1,"b":2'),
        body.replace('ü', '\\u00fc'),
        `\ufeff${body}`,
        '{}',
        '',
        body + body,
        `{"payload":${body}}`,
      ];
      for (const changed of bodies)
        expect(await expectRefused(made, { ...sent, body: changed })).toBe('INVALID_SIGNATURE');
      const { signatureHeader, idHeader, timestampHeader } = sender;
      const signature = String(sent.headers[signatureHeader]);
      const last = signature.length - 4;
      const otherCharacter = signature[last] === '0' ? '1' : '0';
      const otherSignature = signature.slice(0, last) + otherCharacter + signature.slice(last + 1);
      const headers = [{ ...sent.headers, [signatureHeader]: otherSignature }];
      const isIdSigned = idHeader !== undefined && sender.pasted.scheme !== 'github';
      if (isIdSigned) headers.push({ ...sent.headers, [idHeader]: 'msg_other' });
      if (timestampHeader !== undefined) {
        const later = String(Number(sent.headers[timestampHeader]) + 1);
        headers.push({ ...sent.headers, [timestampHeader]: later });
      }
      for (const changed of headers) {
        expect(await expectRefused(made, { body, headers: changed })).toBe('INVALID_SIGNATURE');
      }
      expect((await deliver(made, sent)).status).toBe(200);
    });

    it('is refused when it is signed with another secret', async () => {
      const code = await expectRefused(made, await sign(sender, { secret: sender.otherSecret }));
      expect(code).toBe('INVALID_SIGNATURE');
    });

    it('opens no other workflow and no other instance', async () => {
      const sent = await sign(sender);
      // Headers of somebody's own settings are known as a signature only where these are stored.
      const nothingStored = sender.pasted.scheme === 'hmac' ? 'UNAUTHORIZED' : 'NO_SIGNING_SECRET';
      expect(await expectRefused(made, sent, { workflow: 'other' })).toBe(nothingStored);
      const sibling = await door.create(door.acme);
      expect(await expectRefused(sibling, sent)).toBe(nothingStored);
      await store({ ...sender, secret: sender.otherSecret }, sibling);
      expect(await expectRefused(sibling, sent)).toBe('INVALID_SIGNATURE');
    });

    it('is remembered for one workflow, and starts another that has the same secret', async () => {
      const own = await door.create(door.acme);
      for (const workflow of ['main', 'other']) await store(sender, own, workflow);
      const sent = await sign(sender);
      const [main, other] = [await deliver(own, sent), await deliver(own, sent, { workflow: 'other' })];
      expect([main.status, other.status]).toEqual([200, 200]);
      expect(other.body.executionId).not.toBe(main.body.executionId);
    });

    it('keeps to the tolerance both ways', async () => {
      for (const laterMs of [-299, 299].map((seconds) => seconds * secondMs)) {
        expect((await deliver(made, await sign(sender, { laterMs }))).status).toBe(200);
      }
      for (const laterMs of [-301, 301].map((seconds) => seconds * secondMs)) {
        const sent = await sign(sender, { laterMs });
        if (sender.isTimed) expect(await expectRefused(made, sent)).toBe('SIGNATURE_EXPIRED');
        else expect((await deliver(made, sent)).status).toBe(200);
      }
    });

    it('is still remembered at the end of its tolerance, and refused or remembered after it', async () => {
      const sent = await sign(sender, { laterMs: 299 * secondMs });
      const first = await deliver(made, sent);
      door.app.clock.advance(598 * secondMs);
      const again = await deliver(made, sent);
      expect(again.body.executionId, again.text).toBe(first.body.executionId);
      door.app.clock.advance(2 * secondMs);
      if (sender.isTimed) expect(await expectRefused(made, sent)).toBe('SIGNATURE_EXPIRED');
      else expect((await deliver(made, sent)).body.executionId).toBe(first.body.executionId);
    });

    it('that is signed anew for a later attempt is remembered from then on', async () => {
      const sent = await sign(sender);
      const first = await deliver(made, sent);
      door.app.clock.advance(9 * minuteMs);
      const retried = await sign(sender, sent);
      const answers = [await deliver(made, retried)];
      door.app.clock.advance(4 * minuteMs);
      answers.push(await deliver(made, retried));
      for (const { body } of answers) expect(body.executionId).toBe(first.body.executionId);
    });

    it('comes in with the new and the old secret during a rotation, and not with the old after it', async () => {
      const own = await door.create(door.acme);
      const old = await store(sender, own);
      await store({ ...sender, secret: sender.otherSecret }, own);
      const { secret, otherSecret } = sender;
      for (const each of [secret, otherSecret]) {
        expect((await deliver(own, await sign(sender, { secret: each }))).status).toBe(200);
      }
      const repeated = await sign(sender);
      expect((await deliver(own, repeated)).status).toBe(200);
      await must(door.app, 'signingSecrets.retire', old, door.acme.owner.token);
      expect(await expectRefused(own, await sign(sender))).toBe('INVALID_SIGNATURE');
      expect(await expectRefused(own, repeated)).toBe('INVALID_SIGNATURE');
      expect((await deliver(own, await sign(sender, { secret: otherSecret }))).status).toBe(200);
    });

    it('may come in pieces', async () => {
      const sent = await sign(sender);
      const bytes = Buffer.from(sent.body);
      const pieces = [bytes.subarray(0, 1), bytes.subarray(1, 50), bytes.subarray(50)];
      const answer = await deliver(made, { headers: sent.headers, body: pieces });
      expect(answer.status, answer.text).toBe(200);
      expect(await payloadOf(answer.body.executionId)).toEqual(JSON.parse(sent.body));
    });

    it('may begin with a byte order mark, and have any content type or none', async () => {
      const text = bodyOf(-1);
      const sent = await sign(sender, { body: `\ufeff${text}` });
      const answer = await deliver(made, sent);
      expect(answer.status, answer.text).toBe(200);
      expect(await payloadOf(answer.body.executionId)).toEqual(JSON.parse(text));
      for (const type of ['text/plain', 'application/cloudevents+json; charset=utf-8', 'image/png']) {
        const other = await sign(sender);
        const headers = { ...other.headers, 'content-type': type };
        expect((await deliver(made, { ...other, headers })).status).toBe(200);
      }
      const path = `/webhook/${made.processInstanceId}/main`;
      expect((await door.send(path, await sign(sender))).status).toBe(200);
    });

    it('keeps a payload field of its own unless there is nothing else in it', async () => {
      const mixed = await deliver(made, await sign(sender, { body: '{"payload":{"a":1},"type":"x"}' }));
      expect(await payloadOf(mixed.body.executionId)).toEqual({ payload: { a: 1 }, type: 'x' });
      const only = await deliver(made, await sign(sender, { body: '{"payload":{"a":1}}' }));
      expect(await payloadOf(only.body.executionId)).toEqual({ a: 1 });
    });
  });

  describe('of GitHub, whose signature is over bytes', () => {
    const secret = 'It is a secret to everybody';
    const text = bodyOf(-2);
    let made: Made;
    beforeAll(async () => {
      made = await door.create(door.acme);
      await store({ pasted: { scheme: 'github' }, secret }, made);
    });

    function headersFor(signature: string, more: Sent['headers'] = {}) {
      messages += 1;
      return { 'x-hub-signature-256': signature, 'x-github-delivery': `delivery-${messages}`, ...more };
    }

    it('is signed as it was packed', async () => {
      const packed = gzipSync(text);
      const signature = `sha256=${createHmac('sha256', secret).update(packed).digest('hex')}`;
      const packedAs = { 'content-encoding': 'gzip' };
      const answer = await deliver(made, { headers: headersFor(signature, packedAs), body: packed });
      expect(answer.status, answer.text).toBe(200);
      expect(await payloadOf(answer.body.executionId)).toEqual(JSON.parse(text));
      const ofText = await signAsGithub(secret, text);
      expect(await expectRefused(made, { headers: headersFor(ofText, packedAs), body: packed })).toBe(
        'INVALID_SIGNATURE',
      );
    });

    it('may stand in a form', async () => {
      const form = `payload=${encodeURIComponent(text)}`;
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const signature = await signAsGithub(secret, form);
      const answer = await deliver(made, { headers: headersFor(signature, type), body: form });
      expect(answer.status, answer.text).toBe(200);
      expect(await payloadOf(answer.body.executionId)).toEqual(JSON.parse(text));
      const otherwise = form.replace('%7B', '%7b');
      expect(await expectRefused(made, { headers: headersFor(signature, type), body: otherwise })).toBe(
        'INVALID_SIGNATURE',
      );
    });

    it('is told by its delivery: the same push under another one is another', async () => {
      const signature = await signAsGithub(secret, '{"ref":"main"}');
      const [first, second] = [
        await deliver(made, { headers: headersFor(signature), body: '{"ref":"main"}' }),
        await deliver(made, { headers: headersFor(signature), body: '{"ref":"main"}' }),
      ];
      expect([first.status, second.status]).toEqual([200, 200]);
    });

    it('that is right and no JSON is refused, and can be sent again', async () => {
      for (const body of ['not JSON', '[1]', '"text"', 'null', '{"a":']) {
        const headers = headersFor(await signAsGithub(secret, body));
        const before = await executions();
        for (const _ of [1, 2]) {
          const answer = await deliver(made, { headers, body });
          expect([answer.status, answer.body.code]).toEqual([400, 'INVALID_JSON']);
        }
        expect(await executions()).toBe(before);
      }
    });
  });

  it('is told why, where several senders share a workflow', async () => {
    const made = await door.create(door.acme);
    const [standard, , stripe] = senders;
    if (standard === undefined || stripe === undefined) throw new Error('the senders were renamed');
    await store(standard, made);
    const answer = await deliver(made, await sign(stripe));
    expect(answer.body).toMatchObject({ code: 'INVALID_SIGNATURE', details: { cause: 'other_provider' } });
    await store(stripe, made);
    for (const sender of [standard, stripe]) {
      expect((await deliver(made, await sign(sender))).status).toBe(200);
    }
  });
});
