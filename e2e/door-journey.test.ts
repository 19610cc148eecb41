import type { Output } from '@latchkey/protocol';
import { describeEachEngine } from '@latchkey/testkit';
import { sign as signAsGithub } from '@octokit/webhooks-methods';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { Stripe } from 'stripe';
import { Webhook as Svix } from 'svix';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DoorTarget, startDoorTarget } from './door-target.ts';
import { call, dataOf } from './http-client.ts';
import { type Account, startWorld, type World } from './world.ts';

/** A request of somebody who does not know this project. */
interface Sent {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is answered at the door. */
interface Answered {
  readonly status: number;
  readonly body: {
    readonly success: boolean;
    readonly executionId?: string;
    readonly error?: string;
    readonly code?: string;
    readonly execution?: { readonly status: string; readonly resultData?: unknown };
  };
}

/** Somebody who triggers the workflow, what the target is to get of it, and one who does it wrong. */
interface Caller {
  readonly name: string;
  readonly method: string;
  send(): Promise<Sent>;
  readonly payload: object;
  wrong(sent: Sent): Promise<Sent>;
  readonly told: { readonly status: number; readonly code: string; readonly error: RegExp };
}

const secrets = {
  stripe: 'whsec_EXAMPLE9f8a7b6c5d4e3f2a1b0c9d8e',
  github: 'It is a secret to everybody',
  svix: `whsec_${Buffer.alloc(24, 'resend example ').toString('base64')}`,
};
const stripeEvent = {
  id: 'evt_1',
  object: 'event',
  type: 'invoice.paid',
  data: { object: { amount: 1200 } },
};
const minuteMs = 60_000;
const push = { ref: 'refs/heads/main', commits: [{ id: 'c0ffee', message: 'Grüße' }] };
const mail = { type: 'email.delivered', data: { email_id: 'e1', to: ['a@example.com'] } };

describeEachEngine('six callers of one workflow', (open) => {
  let world: World;
  let target: DoorTarget;
  let account: Account;
  let manager: string;
  let agent: string;
  let instance: Output<'instances.create'>;
  beforeAll(async () => {
    world = await startWorld(await open());
    target = await startDoorTarget();
    account = await world.account();
    manager = (await world.mint(account, ['instances:manage', 'executions:read'])).apiKey;
    agent = (await world.mint(account, ['workflows:trigger'])).apiKey;
    const workflows = [{ workflowId: 'main', targetUrl: `${target.url}/run` }];
    const made = await call(
      'instances.create',
      at('/v1/instances'),
      { title: 'Orders', workflows },
      { key: manager },
    );
    instance = dataOf(made);
    await store({ scheme: 'stripe', secret: secrets.stripe, label: 'Stripe, live' });
    await store({ scheme: 'github', secret: secrets.github });
    await store({ secret: secrets.svix, label: 'Resend' });
  });
  afterAll(async () => {
    await world.close();
    await target.close();
  });

  const at = (path: string) => world.server.baseUrl + path;

  async function store(secret: object): Promise<void> {
    const url = at(`/v1/instances/${instance.processInstanceId}/workflows/main/signing-secrets`);
    dataOf(await call('signingSecrets.add', url, secret, { key: manager }));
  }

  async function deliver({ query = '', headers = {}, body }: Sent): Promise<Answered> {
    const [workflow] = instance.workflows;
    const response = await fetch(`${workflow?.triggerUrl}${query}`, { method: 'POST', headers, body });
    return { status: response.status, body: (await response.json()) as Answered['body'] };
  }

  const json = { 'content-type': 'application/json' };
  const now = () => Math.floor(Date.now() / 1000);

  function svixHeaders(body: string, sentAt = new Date()) {
    const id = `msg_${crypto.randomUUID()}`;
    return {
      'svix-id': id,
      'svix-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'svix-signature': new Svix(secrets.svix).sign(id, sentAt, body),
    };
  }

  const callers: readonly Caller[] = [
    {
      name: 'Stripe, with an event',
      method: 'signature',
      payload: stripeEvent,
      async send() {
        const body = JSON.stringify(stripeEvent, null, 2);
        const options = { payload: body, secret: secrets.stripe, timestamp: now() };
        const signature = Stripe.webhooks.generateTestHeaderString(options);
        return { headers: { ...json, 'stripe-signature': signature }, body };
      },
      // A proxy that reads JSON and writes it again.
      wrong: async ({ headers = {} }) => ({ headers, body: JSON.stringify(stripeEvent) }),
      told: { status: 401, code: 'INVALID_SIGNATURE', error: /same content, written differently/ },
    },
    {
      name: 'GitHub, with a push in a form',
      method: 'signature',
      payload: push,
      async send() {
        const body = `payload=${encodeURIComponent(JSON.stringify(push))}`;
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          'x-github-event': 'push',
          'x-github-delivery': crypto.randomUUID(),
          'x-hub-signature-256': await signAsGithub(secrets.github, body),
        };
        return { headers, body };
      },
      async wrong({ headers = {}, body }) {
        return {
          headers: { ...headers, 'x-hub-signature-256': await signAsGithub('another one', body) },
          body,
        };
      },
      told: { status: 401, code: 'INVALID_SIGNATURE', error: /no live secret makes this signature/ },
    },
    {
      name: 'Resend, with a message',
      method: 'signature',
      payload: mail,
      async send() {
        const body = JSON.stringify(mail);
        return { headers: { ...json, ...svixHeaders(body) }, body };
      },
      // A queue that held the message up.
      wrong: async ({ body }) => ({
        headers: { ...json, ...svixHeaders(body, new Date(Date.now() - 20 * minuteMs)) },
        body,
      }),
      told: { status: 401, code: 'SIGNATURE_EXPIRED', error: /1\d\d\d seconds behind/ },
    },
    {
      name: 'a sensor that has only a URL',
      method: 'query-key',
      payload: { celsius: 21.5 },
      send: async () => ({ query: `?api_key=${instance.apiKey}`, body: '{"celsius":21.5}' }),
      wrong: async ({ body }) => ({ query: `?api_key=${agent}`, body }),
      told: { status: 401, code: 'KEY_IN_URL_REFUSED', error: /only instance keys \(ck_\)/ },
    },
    {
      name: 'a dashboard with the instance key',
      method: 'instance-key',
      payload: { order: 42 },
      send: async () => ({
        headers: { ...json, 'x-api-key': instance.apiKey },
        body: '{"payload":{"order":42}}',
      }),
      wrong: async ({ body }) => ({
        headers: { ...json, 'x-process-manager-key': instance.apiKey },
        body,
      }),
      told: { status: 401, code: 'KEY_WRONG_PLACE', error: /belongs in X-API-Key/ },
    },
    {
      name: 'an agent with an organization key',
      method: 'organization-key',
      payload: { order: 43 },
      send: async () => ({
        headers: { ...json, 'x-process-manager-key': agent },
        body: '{"payload":{"order":43}}',
      }),
      wrong: async ({ body }) => ({ headers: { ...json, 'x-process-manager-key': manager }, body }),
      told: { status: 403, code: 'SCOPE_MISSING', error: /workflows:trigger/ },
    },
  ];

  /** The target checks, with libraries of others, that it is Latchkey that calls, and learns for whom. */
  async function principalOf(executionId: string): Promise<Record<string, unknown>> {
    const { headers } = await target.deliveryOf(executionId);
    const keys = (await (await fetch(at('/.well-known/jwks.json'))).json()) as JSONWebKeySet;
    const token = String(headers['x-latchkey-principal']);
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: world.server.baseUrl,
      audience: target.url,
    });
    return payload;
  }

  /** Asks, as the dashboard does, until it is no longer pending. */
  async function resultOf(executionId: string): Promise<unknown> {
    const url = at(`/status/${instance.processInstanceId}/${executionId}`);
    for (;;) {
      const response = await fetch(url, { headers: { 'x-api-key': instance.apiKey } });
      const { execution } = (await response.json()) as Answered['body'];
      if (execution?.status !== 'pending') return execution;
    }
  }

  it.each(callers)('$name', async ({ send, payload, method, wrong, told }) => {
    const sent = await send();
    const { status, body } = await deliver(sent);
    expect({ status, body }).toMatchObject({ status: 200, body: { success: true } });
    const executionId = body.executionId ?? 'none';
    const { executionMetadata: _, ...received } = (await target.deliveryOf(executionId)).body;
    expect(received).toEqual(payload);
    expect(await principalOf(executionId)).toMatchObject({ method });
    expect(await resultOf(executionId)).toMatchObject({
      status: 'success',
      resultData: { received: payload },
    });
    const before = target.delivered.length;
    const refused = await deliver(await wrong(sent));
    const { error, ...rest } = told;
    expect(refused).toMatchObject({
      status: rest.status,
      body: { success: false, code: rest.code, error: expect.stringMatching(error) },
    });
    expect(target.delivered.length).toBe(before);
  });

  it('are all in one list, and none of their secrets in the log', async () => {
    const url = at(`/v1/instances/${instance.processInstanceId}/executions`);
    const listed = dataOf(await call('executions.list', url, undefined, { key: manager, method: 'GET' }));
    expect(listed.executions.map(({ status }) => status)).toEqual(callers.map(() => 'success'));
    const logs = world.server.logs();
    expect(logs).toContain('gateway.trigger');
    for (const secret of [...Object.values(secrets), instance.apiKey, agent, manager]) {
      expect(logs).not.toContain(secret.slice(12, 28));
    }
  });
});
