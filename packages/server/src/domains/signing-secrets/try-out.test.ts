import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dayMs, secondMs } from '../../platform/clock.ts';
import { refusal } from '../calls-for-tests.ts';
import { type Company, foundCompany, keyOf, made } from '../instances/instances-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { countRows, tableText } from '../rows-for-tests.sql.ts';
import { senders } from '../signatures/senders-for-tests.ts';

describeEachEngine('testing signing secrets', (open) => {
  let app: TestApp;
  let company: Company;
  let key: string;
  let endpoint: { processInstanceId: string; workflowId: string };
  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
    const { organizationId, owner } = company;
    key = await keyOf(app, 'organization', { organizationId, userId: owner.userId });
  });
  beforeEach(async () => {
    // In each second only some refused signatures are explained.
    app.clock.advance(secondMs);
    const { processInstanceId } = await made(app, company, { ...company.owner, token: key });
    endpoint = { processInstanceId, workflowId: 'main' };
  });
  afterAll(() => app.close());

  const add = (input: object) => must(app, 'signingSecrets.add', { ...endpoint, ...input }, key);
  const test = (input: object = {}) => must(app, 'signingSecrets.test', { ...endpoint, ...input }, key);
  const body = '{"id":"evt_1","note":"Grüße"}';

  describe.each(senders)('of $name', ({ pasted, secret, otherSecret, sign, isTimed }) => {
    const store = () => add({ ...pasted, secret, label: 'Live' });
    const signed = async (by = secret) => ({
      headers: { ...(await sign({ id: 'msg_1', body, atMs: app.clock.now() }, by)) },
      body,
    });

    it('names the secret that has made the signature of a recorded message', async () => {
      const { signingSecretId } = await store();
      const { headers } = await signed();
      const shouting = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);
      for (const sent of [headers, Object.fromEntries(shouting)]) {
        expect(await test({ headers: sent, body })).toMatchObject({
          accepted: true,
          code: 'OK',
          explanation: null,
          signingSecretId,
          label: 'Live',
        });
      }
    });

    it('says why the door would refuse it, and what to do next', async () => {
      const added = await store();
      const refused = { accepted: false, code: 'INVALID_SIGNATURE', signingSecretId: null };
      const texts = {
        explanation: expect.stringMatching(/.{20}/),
        nextAction: expect.stringMatching(/.{20}/),
      };
      const wrong = await signed(otherSecret);
      expect(await test(wrong)).toMatchObject({ ...refused, ...texts, cause: 'mismatch' });
      expect(await test({ body })).toMatchObject({ ...refused, cause: 'headers_missing' });
      const good = await signed();
      app.clock.advance(dayMs);
      const { cause, code } = await test(good);
      expect([code, cause]).toEqual(isTimed ? ['SIGNATURE_EXPIRED', 'clock_off'] : ['OK', null]);
      const { signingSecretId } = added;
      await must(app, 'signingSecrets.retire', { ...endpoint, signingSecretId }, key);
      expect(await test(good)).toMatchObject({ accepted: false, cause: 'old_secret' });
    });

    it('lets each active secret verify a sample', async () => {
      const { signingSecretId, scheme } = await store();
      expect(await test()).toEqual({
        accepted: true,
        code: 'OK',
        cause: null,
        explanation: null,
        nextAction: null,
        signingSecretId: null,
        label: null,
        secrets: [{ signingSecretId, label: 'Live', scheme, ok: true }],
      });
    });
  });

  it('says that there is no secret where there is none', async () => {
    expect(await test()).toMatchObject({ accepted: false, code: 'NO_SIGNING_SECRET', cause: 'no_secret' });
  });

  it('starts and remembers nothing, and answers nothing of the secret', async () => {
    const secret = 'it is only a test';
    await add({ scheme: 'github', secret });
    const before = await countRows(app.deps.store, 'executions');
    const answers = [await test(), await test({ headers: { 'x-hub-signature-256': 'sha256=00' }, body })];
    expect(JSON.stringify(answers)).not.toContain(secret);
    expect(await countRows(app.deps.store, 'executions')).toBe(before);
    await app.deps.deliveries.flush();
    for (const table of ['webhook_messages', 'webhook_deliveries'] as const)
      expect(await tableText(app.deps.store, table)).toBe('[]');
  });

  it('is for those who manage the instance', async () => {
    const { organizationId } = company;
    const reader = await keyOf(app, 'organization', { organizationId }, ['instances:read']);
    expect(refusal(await ask(app, 'signingSecrets.test', endpoint, reader)).code).toBe('SCOPE_MISSING');
    const missing = { ...endpoint, workflowId: 'missing' };
    expect(refusal(await ask(app, 'signingSecrets.test', missing, key)).code).toBe('WORKFLOW_NOT_FOUND');
  });
});
