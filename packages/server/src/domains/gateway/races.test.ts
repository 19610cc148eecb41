import { describeEachEngine } from '@latchkey/testkit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { together } from '../calls-for-tests.ts';
import { mintKey } from '../keys/index.ts';
import { joined, must } from '../people-for-tests.ts';
import { countRows } from '../rows-for-tests.sql.ts';
import {
  type DoorAnswer,
  type DoorStage,
  exchange,
  type Made,
  type Sent,
  startBeside,
  startDoor,
} from './door-for-tests.ts';

const rounds = 3;
/** So many that every caller is at it when the end comes. */
const acceptedBeforeEnd = 150;
/** What comes in while the end waits for its turn; it must not have to wait until nobody comes any more. */
const maxAccepted = 1000;
const body = '{"payload":{"order":42}}';
const whsec = (text: string) => `whsec_${Buffer.alloc(32, text).toString('base64')}`;
const signingSecret = whsec('race');

describeEachEngine('sixty-four at the door of two servers', (open) => {
  let door: DoorStage;
  let beside: Awaited<ReturnType<typeof startBeside>>;
  let baseUrls: readonly string[];
  let messages = 0;
  let members = 0;
  beforeAll(async () => {
    const store = await open();
    door = await startDoor(store);
    beside = await startBeside(store, door.app.clock);
    baseUrls = [door.baseUrl, beside.baseUrl];
  });
  afterAll(async () => {
    await beside.close();
    await door.close();
  });

  const executions = () => countRows(door.app.deps.store, 'executions');
  const token = () => door.acme.owner.token;

  function trigger(made: Made, headers: Sent['headers'], index = 0, workflow = 'main') {
    const path = `/webhook/${made.processInstanceId}/${workflow}`;
    return exchange(baseUrls[index % baseUrls.length] ?? door.baseUrl, path, {
      headers: headers ?? {},
      body,
    });
  }

  function signed(): Sent['headers'] {
    messages += 1;
    const [id, at] = [`msg_${messages}`, new Date(door.app.clock.now())];
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(signingSecret).sign(id, at, body),
    };
  }

  async function sign(made: Made, secret = signingSecret): Promise<object> {
    const place = { processInstanceId: made.processInstanceId, workflowId: 'main' };
    const added = await must(door.app, 'signingSecrets.add', { ...place, secret }, token());
    return { ...place, signingSecretId: added.signingSecretId };
  }

  function counted(answers: readonly DoorAnswer[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status, body: answered } of answers) {
      const outcome = status === 200 ? 'OK' : String(answered.code);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  }

  /** Something that ends what lets callers in, and how they are refused from then on. */
  interface Ending {
    readonly name: string;
    readonly code: string;
    prepare(): Promise<{ made: Made; headers: () => Sent['headers']; end: () => Promise<unknown> }>;
  }

  const endings: readonly Ending[] = [
    {
      name: 'the instance key is regenerated',
      code: 'KEY_REVOKED',
      async prepare() {
        const made = await door.create(door.acme);
        const input = { processInstanceId: made.processInstanceId };
        return {
          made,
          headers: () => ({ 'x-api-key': made.apiKey }),
          end: () => must(door.app, 'instances.regenerateKey', input, token()),
        };
      },
    },
    {
      name: 'the instance is paused',
      code: 'INSTANCE_INACTIVE',
      async prepare() {
        const made = await door.create(door.acme);
        const input = { processInstanceId: made.processInstanceId };
        return {
          made,
          headers: () => ({ 'x-api-key': made.apiKey }),
          end: () => must(door.app, 'instances.deactivate', input, token()),
        };
      },
    },
    {
      name: 'the instance is archived',
      code: 'KEY_REVOKED',
      async prepare() {
        const made = await door.create(door.acme);
        const input = { processInstanceId: made.processInstanceId };
        return {
          made,
          headers: () => ({ 'x-api-key': made.apiKey }),
          end: () => must(door.app, 'instances.archive', input, token()),
        };
      },
    },
    {
      name: 'the member of a personal key is removed',
      code: 'INSTANCE_NOT_FOUND',
      async prepare() {
        const made = await door.create(door.acme);
        const { organizationId } = door.acme;
        members += 1;
        const leaver = await joined(door.app, organizationId, `leaver${members}@acme.example`, 'developer');
        const request = {
          family: 'personal',
          name: 'Leaver',
          description: '',
          scopes: ['workflows:trigger'],
          organizationId: null,
          userId: leaver.userId,
          expiresAt: null,
        } as const;
        const { deps, clock } = door.app;
        const minted = await deps.store.write((trx) => mintKey(trx, deps, request, clock.now()));
        const input = { organizationId, memberId: leaver.userId };
        return {
          made,
          headers: () => ({ 'x-process-manager-key': minted.secret }),
          end: () => must(door.app, 'members.remove', input, leaver.token),
        };
      },
    },
    {
      name: 'the organization key is revoked',
      code: 'KEY_REVOKED',
      async prepare() {
        const [made, key] = [await door.create(door.acme), await door.mint(door.acme)];
        return {
          made,
          headers: () => ({ 'x-process-manager-key': key.apiKey }),
          end: () => must(door.app, 'keys.revoke', { keyId: key.keyId }, token()),
        };
      },
    },
    {
      name: 'the organization key loses its scope',
      code: 'SCOPE_MISSING',
      async prepare() {
        const [made, key] = [await door.create(door.acme), await door.mint(door.acme)];
        const input = { keyId: key.keyId, scopes: ['instances:read'] };
        return {
          made,
          headers: () => ({ 'x-process-manager-key': key.apiKey }),
          end: () => must(door.app, 'keys.update', input, token()),
        };
      },
    },
    {
      name: 'the signing secret is retired',
      code: 'INVALID_SIGNATURE',
      async prepare() {
        const made = await door.create(door.acme);
        const place = await sign(made);
        await sign(made, whsec('another'));
        return { made, headers: signed, end: () => must(door.app, 'signingSecrets.retire', place, token()) };
      },
    },
  ];

  it.each(endings)('are accepted before $name, and none after', async ({ prepare, code }) => {
    for (let round = 0; round < rounds; round += 1) {
      const { made, headers, end } = await prepare();
      const before = await executions();
      const isTime = Promise.withResolvers<void>();
      const ended = isTime.promise.then(end).then(executions);
      let accepted = 0;
      const refusals = await together(async (index) => {
        for (;;) {
          const answer = await trigger(made, headers(), index);
          if (answer.status !== 200 || accepted >= maxAccepted) return answer;
          accepted += 1;
          if (accepted === acceptedBeforeEnd) isTime.resolve();
        }
      });
      const whenEnded = await ended;
      expect(await executions()).toBe(whenEnded);
      expect(whenEnded - before).toBe(accepted);
      expect(counted(refusals)).toEqual({ [code]: 64 });
      expect(accepted).toBeLessThan(maxAccepted);
    }
  });

  it('send the same signed message: one execution, and the same answer to all', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const made = await door.create(door.acme);
      await sign(made);
      const [before, headers] = [await executions(), signed()];
      const answers = await together((index) => trigger(made, headers, index));
      expect(counted(answers)).toEqual({ OK: 64 });
      expect(new Set(answers.map((answer) => answer.body.executionId)).size).toBe(1);
      expect(await executions()).toBe(before + 1);
      const [executionId] = answers.map((answer) => answer.body.executionId);
      await door.settled();
      const got = door.delivered.filter((each) => each.body.executionMetadata.executionId === executionId);
      expect(got.length).toBeLessThanOrEqual(1);
    }
  });

  describe('of which ten in a minute are allowed', () => {
    const rateLimit = { requests: 10, windowSeconds: 60 };

    async function limited(who: 'instance' | 'key') {
      const made = await door.create(door.acme, who === 'instance' ? { rateLimit } : {});
      const { organizationId } = door.acme;
      const key = { organizationId, name: 'CI', scopes: ['workflows:trigger'], rateLimit };
      const minted = await must(door.app, 'keys.createForOrganization', key, token());
      const headers =
        who === 'instance' ? { 'x-api-key': made.apiKey } : { 'x-process-manager-key': minted.apiKey };
      return { made, headers };
    }

    it.each(['instance', 'key'] as const)('by the limit of the %s, are ten let in', async (who) => {
      const { made, headers } = await limited(who);
      for (let window = 0; window < 2; window += 1) {
        const before = await executions();
        const answers = await together((index) => trigger(made, headers, index));
        expect(counted(answers)).toEqual({ OK: 10, RATE_LIMITED: 54 });
        expect(await executions()).toBe(before + 10);
        const policy = { 'ratelimit-policy': `"${who}";q=10;w=60` };
        const left: number[] = [];
        for (const { status, headers: told } of answers) {
          expect(told).toMatchObject(policy);
          if (status === 200) left.push(Number(/;r=(\d+);t=60$/.exec(String(told.ratelimit))?.[1]));
          else {
            expect(status).toBe(429);
            expect(told).toMatchObject({ 'retry-after': '60', ratelimit: `"${who}";r=0;t=60` });
          }
        }
        expect(left.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        door.app.clock.advance(59_000);
        const early = await trigger(made, headers);
        expect([early.status, early.headers['retry-after']]).toEqual([429, '1']);
        door.app.clock.advance(1_000);
      }
    });

    it('charge neither limit when one of them refuses', async () => {
      const { organizationId } = door.acme;
      const mint = async (requests: number) => {
        const limit = { requests, windowSeconds: 60 };
        const key = { organizationId, name: 'CI', scopes: ['workflows:trigger'], rateLimit: limit };
        const { apiKey } = await must(door.app, 'keys.createForOrganization', key, token());
        return { 'x-process-manager-key': apiKey };
      };
      const made = await door.create(door.acme, { rateLimit });
      const few = await mint(4);
      expect(counted(await together((index) => trigger(made, few, index)))).toEqual({
        OK: 4,
        RATE_LIMITED: 60,
      });
      const own = { 'x-api-key': made.apiKey };
      expect(counted(await together((index) => trigger(made, own, index)))).toEqual({
        OK: 6,
        RATE_LIMITED: 58,
      });
      const many = await mint(20);
      expect(counted(await together((index) => trigger(made, many, index)))).toEqual({ RATE_LIMITED: 64 });
      const unlimited = await door.create(door.acme);
      const there = await together((index) => trigger(unlimited, many, index));
      expect(counted(there)).toEqual({ OK: 20, RATE_LIMITED: 44 });
    });

    it('charge nothing for what is refused before, and nothing for a repetition', async () => {
      const made = await door.create(door.acme, { rateLimit });
      await sign(made);
      const own = { 'x-api-key': made.apiKey };
      await together((index) => trigger(made, own, index, 'none'));
      await together((index) => trigger(made, { 'x-api-key': `${made.apiKey}x` }, index));
      const headers = signed();
      expect(counted(await together((index) => trigger(made, headers, index)))).toEqual({ OK: 64 });
      expect(counted(await together((index) => trigger(made, own, index)))).toEqual({
        OK: 9,
        RATE_LIMITED: 55,
      });
      expect(counted(await together((index) => trigger(made, headers, index)))).toEqual({ OK: 64 });
    });
  });
});
