import { createHmac } from 'node:crypto';
import { type Client, createClient } from '@latchkey/sdk';
import type { DoorTarget } from '../../door-target.ts';
import type { Dashboard, Owner } from '../journey.ts';
import { hostileTexts, otherHostileEmail, reportedTexts } from './hostile-texts.ts';
import { hostileFieldsIn } from './text-fields.ts';

/** Where text of every kind is kept. */
export interface Stored {
  readonly instanceId: string;
  /** Of a key that was refused for all kinds of reasons. */
  readonly keyId: string;
  readonly failedId: string;
  readonly succeededId: string;
  /** Every field that text was sent in. */
  readonly tried: ReadonlySet<string>;
}

/** What keeping it takes. */
interface Stage {
  readonly baseUrl: string;
  readonly organizationId: string;
  readonly target: DoorTarget;
  readonly call: Client['callOrThrow'];
  withKey(apiKey: string): Client['callOrThrow'];
}

const [anyText] = hostileTexts;
const description = hostileTexts.join('\n').slice(0, 500);
/** Those without a space: of the names of resources, no other is one. */
const resources = hostileTexts.filter((text) => /^[^\s*]+$/.test(text));
const scopes = ['workflows:trigger'];
const signingSecret = 'It is a secret to everybody';
/** As names as well, and within a list. */
const reported = { ...Object.fromEntries(reportedTexts.map((text) => [text, text])), all: reportedTexts };

/** By a client that calls itself so. */
async function use(baseUrl: string, apiKey: string, userAgent: string): Promise<void> {
  const send: typeof fetch = (url, init) =>
    fetch(url, { ...init, headers: { ...(init?.headers as object), 'user-agent': userAgent } });
  await createClient({ baseUrl, apiKey, fetch: send }).callOrThrow('keys.whoami', {});
}

async function storeNames({ call, baseUrl, organizationId }: Stage): Promise<void> {
  const place = { organizationId, environment: 'dev' } as const;
  await call('organizations.update', { organizationId, name: anyText, description });
  await call('organizations.create', { name: anyText, description });
  await call('members.invite', { organizationId, email: otherHostileEmail });
  await call('projects.create', { organizationId, name: anyText, description });
  for (const [at, name] of hostileTexts.entries()) {
    const key = { organizationId, name, description: name, scopes };
    await use(baseUrl, (await call('keys.createForOrganization', key)).apiKey, name);
    await call('workspaces.create', { ...place, name, slug: `w-${at}` });
  }
  const key = { name: anyText, description, resources };
  const { keyId } = await call('keys.createPersonal', { ...key, scopes });
  await call('keys.update', { keyId, ...key });
  const { fingerprint } = await call('environmentKeys.create', { ...place, ...key, level: 'runner' });
  await call('environmentKeys.update', { ...place, key: fingerprint, name: anyText, description });
}

/** Every refusal of which the activity keeps what was asked for. */
async function storeRefusals({ call, withKey, organizationId }: Stage): Promise<string> {
  const name = 'Refused';
  const wanted = { organizationId, name, description, resources, scopes: ['keys:verify'] };
  const { apiKey: key, keyId } = await call('keys.createForOrganization', wanted);
  const ask = withKey(key);
  const resource = resources[0];
  const { token } = await ask('tokens.exchange', { audience: resource });
  await ask('keys.verify', { key: token, resource, audience: resources[1] });
  await ask('keys.verify', { key, resource, anyScope: [anyText] });
  await ask('keys.verify', { key, resource: `elsewhere/${resource}` });
  for (const text of hostileTexts) await ask('keys.verify', { key, resource, allScopes: [text] });
  const asked = { allScopes: [anyText], anyScope: [anyText], resource, audience: resource };
  await ask('keys.verifyMany', { questions: [{ key, ...asked }] });
  const { apiKey: leaked } = await call('keys.createForOrganization', { ...wanted, name: anyText });
  await call('keys.reportLeaked', { key: leaked, foundAt: anyText });
  return keyId;
}

async function storeInstance({ call, target, organizationId }: Stage, name: string) {
  const note = { type: 'string', title: name, description: name };
  const inputSchema = { type: 'object', properties: { note } };
  const targetUrl = `${target.url}/run?${name}`;
  const workflow = { workflowId: 'main', name, targetUrl, inputSchema };
  const workflows = [workflow, { ...workflow, workflowId: 'slow', mode: 'callback' } as const];
  const instance = await call('instances.create', { organizationId, title: name, workflows });
  const { processInstanceId } = instance;
  const endpoint = { processInstanceId, workflowId: 'main' };
  const secret = { scheme: 'github', secret: signingSecret, label: anyText } as const;
  const { signingSecretId } = await call('signingSecrets.add', { ...endpoint, ...secret });
  await call('signingSecrets.update', { ...endpoint, signingSecretId, label: name });
  return { ...instance, workflows };
}

/** A message whose sender calls it so, signed with the secret or with another. */
async function deliver({ baseUrl }: Stage, instanceId: string, id: string, secret: string): Promise<void> {
  const body = JSON.stringify({ id });
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': id };
  await fetch(`${baseUrl}/webhook/${instanceId}/main`, { method: 'POST', headers, body });
}

/** Executions that end as a workflow reports it. */
async function storeExecutions({ call, withKey, target }: Stage, instanceId: string, apiKey: string) {
  const called = { processInstanceId: instanceId, workflowId: 'slow', payload: reported };
  async function reporting(executionId: string) {
    const { executionMetadata } = (await target.deliveryOf(executionId)).body;
    const { executionSecret } = executionMetadata as { executionSecret?: string };
    return { executionId, executionSecret: executionSecret ?? '', n8nExecutionId: anyText };
  }
  const { executionId: failedId } = await call('instances.trigger', called);
  await call('executions.submitError', {
    ...(await reporting(failedId)),
    errorMessage: reportedTexts.join('\n'),
    failedNodeName: reportedTexts.join(' ').slice(0, 500),
    lastExecutedNode: anyText,
  });
  const { executionId: succeededId } = await withKey(apiKey)('gateway.trigger', called);
  await call('executions.submitResult', { ...(await reporting(succeededId)), resultData: reported });
  return { failedId, succeededId };
}

/** Keeps a text of each kind in each field that holds any. */
export async function storeEverywhere(
  dashboard: Dashboard,
  owner: Owner,
  target: DoorTarget,
): Promise<Stored> {
  const { baseUrl } = dashboard.server;
  const tried = new Set<string>();
  function by(client: Client): Client['callOrThrow'] {
    return (id, input, options) => {
      for (const field of hostileFieldsIn(input, id)) tried.add(field);
      return client.callOrThrow(id, input, options);
    };
  }
  const withKey = (apiKey: string) => by(createClient({ baseUrl, apiKey }));
  const { organizationId } = owner;
  const stage: Stage = { baseUrl, organizationId, target, call: by(await owner.api()), withKey };
  await storeNames(stage);
  const keyId = await storeRefusals(stage);
  for (const name of hostileTexts.slice(0, -1)) await storeInstance(stage, name);
  const last = await storeInstance(stage, hostileTexts.at(-1) ?? anyText);
  const { processInstanceId: instanceId, apiKey, workflows } = last;
  const title = hostileTexts.at(-1) ?? anyText;
  await stage.call('instances.update', { processInstanceId: instanceId, title, workflows });
  for (const text of hostileTexts) await deliver(stage, instanceId, text, signingSecret);
  await deliver(stage, instanceId, anyText, 'Another secret');
  return { instanceId, keyId, tried, ...(await storeExecutions(stage, instanceId, apiKey)) };
}
