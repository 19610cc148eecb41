import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { outcomes, together } from '../calls-for-tests.ts';
import { digestsOf } from '../keys/digests.ts';
import { ask } from '../people-for-tests.ts';
import { loadDoor } from './index.ts';
import { type Company, foundCompany, made, mainWorkflow } from './instances-for-tests.ts';

describeEachEngine('64 callers at once', (open) => {
  let app: TestApp;
  let company: Company;
  let one: { processInstanceId: string };
  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
  });
  beforeEach(async () => {
    const { processInstanceId } = await made(app, company, company.owner);
    one = { processInstanceId };
  });
  afterAll(() => app.close());

  const call = (id: Parameters<typeof ask>[1], input: object = {}) =>
    ask(app, id, { ...one, ...input }, company.owner.token);
  const door = () => loadDoor(app.deps.store.db, app.deps.secrets, one.processInstanceId);

  it('replace a key: exactly one is live in the end, and one of them has been given it', async () => {
    const answers = await together(() => call('instances.regenerateKey'));
    expect(outcomes(answers)).toEqual({ OK: 64 });
    const live = await app.deps.store.db
      .selectFrom('api_keys')
      .select('id')
      .where('instance_id', '=', one.processInstanceId)
      .where('revoked_at', 'is', null)
      .execute();
    expect(live).toHaveLength(1);
    const digest = (await door())?.key?.digest ?? '';
    const given: string[] = answers.map(({ body }) => body.data.apiKey);
    expect(given.filter((key) => digestsOf(app.deps.secrets, key).includes(digest))).toHaveLength(1);
  });

  it('replace the workflows: one whole list stands in the end', async () => {
    const answers = await together((index) =>
      call('instances.update', {
        workflows: ['a', 'b'].map((letter) => ({ ...mainWorkflow, workflowId: `${letter}${index}` })),
      }),
    );
    expect(outcomes(answers)).toEqual({ OK: 64 });
    const ids = [...((await door())?.workflows.keys() ?? [])];
    expect(ids).toHaveLength(2);
    expect(ids[0]?.slice(1)).toBe(ids[1]?.slice(1));
  });

  it('change the workflows as they have read them: one does, and nobody overwrites that', async () => {
    const { revision } = (await call('instances.get')).body.data;
    const answers = await together((index) =>
      call('instances.update', { workflows: [{ ...mainWorkflow, workflowId: `w${index}` }], revision }),
    );
    expect(outcomes(answers)).toEqual({ OK: 1, INSTANCE_CHANGED: 63 });
    const winner = answers.find(({ status }) => status === 200)?.body.data.workflows[0].workflowId;
    expect([...((await door())?.workflows.keys() ?? [])]).toEqual([winner]);
  });

  it('add signing secrets: no more than 20 are taken', async () => {
    const secret = { workflowId: 'main', scheme: 'github', secret: 'not so secret' };
    const answers = await together(() => call('signingSecrets.add', secret));
    expect(outcomes(answers)).toEqual({ OK: 20, SIGNING_SECRET_LIMIT: 44 });
    expect((await door())?.signingSecrets).toHaveLength(20);
  });

  it('pause: one of them does', async () => {
    const answers = await together(() => call('instances.deactivate'));
    expect(outcomes(answers)).toEqual({ OK: 1, INSTANCE_STATE_UNCHANGED: 63 });
  });

  it('archive and replace the key: whatever comes first, no key is live', async () => {
    const answers = await together((index) =>
      call(index % 8 === 7 ? 'instances.archive' : 'instances.regenerateKey'),
    );
    const { OK = 0, INSTANCE_INACTIVE = 0, INSTANCE_STATE_UNCHANGED } = outcomes(answers);
    expect(INSTANCE_STATE_UNCHANGED).toBe(7);
    expect(OK + INSTANCE_INACTIVE).toBe(57);
    expect((await door())?.key).toBeNull();
  });
});
