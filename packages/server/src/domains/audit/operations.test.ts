import { type AuditEvent, type AuditRule, type OperationId, operations } from '@latchkey/protocol';
import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KeyRoom, openRoom } from '../environment-keys/environment-keys-for-tests.ts';
import { made, mainWorkflow } from '../instances/instances-for-tests.ts';
import { ask, joined, must, type Person } from '../people-for-tests.ts';
import { findEvents } from './index.ts';

type AuditedId = {
  [Id in OperationId]: (typeof operations)[Id] extends { readonly audit: AuditRule } ? Id : never;
}[OperationId];

/** What a call is made with: its input, and a token or key. */
type Given = readonly [input: object, credential?: string];

/** An organization with a room for keys, an owner and a runner in it. */
interface World {
  readonly app: TestApp;
  readonly room: KeyRoom;
  readonly owner: Person;
  readonly runner: Person;
  /** An environment key of the room. */
  readonly environmentKey: string;
}

/** A call that succeeds, one that is refused, and the organization that the refusal concerns, if any. */
interface Scenario {
  readonly done: (world: World) => Promise<Given>;
  readonly refused: (world: World) => Promise<Given>;
  readonly code: string;
  readonly refusedIn: 'organization' | 'server';
}

let addresses = 0;
function freshEmail(): string {
  addresses += 1;
  return `somebody${addresses}@audited.example`;
}

async function codeFor({ app }: World, id: 'otp.requestSignup' | 'otp.requestLogin', email: string) {
  app.clock.advance(30_000);
  await must(app, id, { email });
  return { email, code: app.codeFor(email) };
}

async function keyOf({ app, room, owner }: World): Promise<{ keyId: string }> {
  const { organizationId } = room.place;
  const input = { organizationId, name: 'Target', scopes: ['skills:read'] };
  const { keyId } = await must(app, 'keys.createForOrganization', input, owner.token);
  return { keyId };
}

async function memberOf({ app, room }: World): Promise<object> {
  const { organizationId } = room.place;
  const { userId: memberId } = await joined(app, organizationId, freshEmail(), 'developer');
  return { organizationId, memberId };
}

function organizationOf({ place: { organizationId } }: KeyRoom): object {
  return { organizationId };
}

const pasted = { scheme: 'github', secret: 'not so secret' };

async function instanceOf({ app, room, owner }: World): Promise<{ processInstanceId: string }> {
  const { processInstanceId } = await made(app, room.place, owner);
  return { processInstanceId };
}

async function pausedInstanceOf(world: World): Promise<object> {
  const instance = await instanceOf(world);
  await must(world.app, 'instances.deactivate', instance, world.owner.token);
  return instance;
}

async function endpointOf(world: World): Promise<object> {
  return { ...(await instanceOf(world)), workflowId: 'main' };
}

async function signingSecretOf(world: World): Promise<object> {
  const endpoint = await endpointOf(world);
  const input = { ...endpoint, ...pasted };
  const { signingSecretId } = await must(world.app, 'signingSecrets.add', input, world.owner.token);
  return { ...endpoint, signingSecretId };
}

async function executionOf(world: World): Promise<object> {
  const { processInstanceId, apiKey } = await made(world.app, world.room.place, world.owner);
  const headers = { 'x-api-key': apiKey };
  const { body } = await world.app.call(`/webhook/${processInstanceId}/main`, { body: {}, headers });
  return { processInstanceId, executionId: body.executionId };
}

/** A change of what a runner does not see. */
function notShared(
  subject: (world: World) => Promise<object>,
  input: object = {},
): Pick<Scenario, 'done' | 'refused' | 'code' | 'refusedIn'> {
  return {
    done: async (world) => [{ ...(await subject(world)), ...input }, world.owner.token],
    refused: async (world) => [{ ...(await subject(world)), ...input }, world.runner.token],
    code: 'NOT_SHARED',
    refusedIn: 'organization',
  };
}

/** Signing out of a session of its own. */
const signingOut: Scenario = {
  done: async ({ app, room }) => {
    const { token } = await joined(app, room.place.organizationId, freshEmail(), 'developer');
    return [{}, token];
  },
  refused: async ({ environmentKey }) => [{}, environmentKey],
  code: 'OAUTH_REQUIRED',
  refusedIn: 'organization',
};

const scenarios: Readonly<Record<AuditedId, Scenario>> = {
  'otp.requestSignup': {
    done: async () => [{ email: freshEmail() }],
    refused: async ({ owner }) => [{ email: owner.email }],
    code: 'USER_ALREADY_HAS_ORGANIZATION',
    refusedIn: 'server',
  },
  'otp.completeSignup': {
    done: async (world) => [await codeFor(world, 'otp.requestSignup', freshEmail())],
    refused: async () => [{ email: freshEmail(), code: '000000' }],
    code: 'OTP_NOT_FOUND',
    refusedIn: 'server',
  },
  'otp.requestLogin': {
    done: async ({ app, runner }) => {
      app.clock.advance(30_000);
      return [{ email: runner.email }];
    },
    refused: async () => [{ email: freshEmail() }],
    code: 'USER_NOT_FOUND',
    refusedIn: 'server',
  },
  'otp.completeLogin': {
    done: async (world) => [await codeFor(world, 'otp.requestLogin', world.runner.email)],
    refused: async ({ owner }) => [{ email: owner.email, code: '000000' }],
    code: 'OTP_ALREADY_USED',
    refusedIn: 'server',
  },
  'organizations.create': {
    done: async ({ owner }) => [{ name: 'Second' }, owner.token],
    refused: async ({ owner }) => [
      { name: 'Third', n8nBaseUrl: 'https://n8n.example', n8nApiKey: 'none' },
      owner.token,
    ],
    code: 'N8N_NOT_AVAILABLE',
    refusedIn: 'server',
  },
  'organizations.update': {
    done: async ({ room, owner }) => [{ ...organizationOf(room), description: 'Ours' }, owner.token],
    refused: async ({ room, runner }) => [{ ...organizationOf(room), description: 'Mine' }, runner.token],
    code: 'ADMIN_REQUIRED',
    refusedIn: 'organization',
  },
  'keys.createForOrganization': {
    done: async ({ room, owner }) => [
      { organizationId: room.place.organizationId, name: 'CI', scopes: ['skills:read'] },
      owner.token,
    ],
    refused: async ({ room, runner }) => [
      { organizationId: room.place.organizationId, name: 'CI', scopes: ['skills:read'] },
      runner.token,
    ],
    code: 'ROLE_REQUIRED',
    refusedIn: 'organization',
  },
  'keys.createPersonal': {
    done: async ({ owner }) => [{ name: 'Laptop', scopes: ['skills:read'] }, owner.token],
    refused: async ({ owner }) => [{ name: 'Laptop', scopes: ['nothing:known'] }, owner.token],
    code: 'INVALID_SCOPE',
    refusedIn: 'server',
  },
  'keys.update': {
    done: async (world) => [{ ...(await keyOf(world)), name: 'Renamed' }, world.owner.token],
    refused: async (world) => [{ ...(await keyOf(world)), name: 'Renamed' }, world.runner.token],
    code: 'ROLE_REQUIRED',
    refusedIn: 'organization',
  },
  'keys.revoke': {
    done: async (world) => [await keyOf(world), world.owner.token],
    refused: async (world) => [await keyOf(world), world.runner.token],
    code: 'ROLE_REQUIRED',
    refusedIn: 'organization',
  },
  'keys.disable': {
    done: async (world) => [await keyOf(world), world.owner.token],
    refused: async (world) => [await keyOf(world), world.runner.token],
    code: 'ROLE_REQUIRED',
    refusedIn: 'organization',
  },
  'keys.enable': {
    done: async (world) => {
      const key = await keyOf(world);
      await must(world.app, 'keys.disable', key, world.owner.token);
      return [key, world.owner.token];
    },
    refused: async (world) => [await keyOf(world), world.runner.token],
    code: 'ROLE_REQUIRED',
    refusedIn: 'organization',
  },
  'keys.revokeOwn': {
    done: async ({ room }) => [{}, (await room.mint({ name: 'Own' })).apiKey],
    refused: async (world) => [{ keyId: (await keyOf(world)).keyId }, world.environmentKey],
    code: 'INVALID_REQUEST',
    refusedIn: 'organization',
  },
  'keys.reportLeaked': {
    done: async ({ room }) => [{ key: (await room.mint({ name: 'Found' })).apiKey, foundAt: 'a gist' }],
    refused: async () => [{ key: 'not a key' }],
    code: 'INVALID_REQUEST',
    refusedIn: 'server',
  },
  'members.invite': {
    done: async ({ room, owner }) => [
      { organizationId: room.place.organizationId, email: freshEmail() },
      owner.token,
    ],
    refused: async ({ room, runner }) => [
      { organizationId: room.place.organizationId, email: freshEmail() },
      runner.token,
    ],
    code: 'ADMIN_REQUIRED',
    refusedIn: 'organization',
  },
  'members.changeRole': {
    done: async (world) => [{ ...(await memberOf(world)), role: 'runner' }, world.owner.token],
    refused: async (world) => [{ ...(await memberOf(world)), role: 'runner' }, world.runner.token],
    code: 'ADMIN_REQUIRED',
    refusedIn: 'organization',
  },
  'members.remove': {
    done: async (world) => [await memberOf(world), world.owner.token],
    refused: async (world) => [await memberOf(world), world.runner.token],
    code: 'ADMIN_REQUIRED',
    refusedIn: 'organization',
  },
  'sessions.end': signingOut,
  'sessions.endAll': signingOut,
  'workspaces.create': {
    done: async ({ room, owner }) => [{ ...room.place, name: 'New', slug: 'new' }, owner.token],
    refused: async ({ room, owner }) => [{ ...room.place, name: 'Taken', slug: room.workspace }, owner.token],
    code: 'SLUG_TAKEN',
    refusedIn: 'organization',
  },
  'workspaces.delete': {
    done: async ({ room, owner }) => {
      await room.ask('workspaces.create', { name: 'Old', slug: 'old' });
      return [{ ...room.place, slug: 'old' }, owner.token];
    },
    refused: async ({ room, owner }) => [{ ...room.place, slug: 'missing' }, owner.token],
    code: 'WORKSPACE_NOT_FOUND',
    refusedIn: 'organization',
  },
  'workspaces.setLevel': {
    done: async ({ room, owner, runner }) => [
      { ...room.place, slug: room.workspace, memberId: runner.userId, level: 'developer' },
      owner.token,
    ],
    refused: async ({ room, runner }) => [
      { ...room.place, slug: room.workspace, memberId: runner.userId, level: 'admin' },
      runner.token,
    ],
    code: 'ADMIN_REQUIRED',
    refusedIn: 'organization',
  },
  'environmentKeys.create': {
    done: async ({ room, owner }) => [{ ...room.place, name: 'Deploy' }, owner.token],
    refused: async ({ room, environmentKey }) => [{ ...room.place, name: 'Deploy' }, environmentKey],
    code: 'KEY_CANNOT_MINT',
    refusedIn: 'organization',
  },
  'environmentKeys.rotate': {
    done: async ({ room, owner }) => [
      { ...room.place, key: (await room.mint({ name: 'Rotated' })).fingerprint },
      owner.token,
    ],
    refused: async ({ room, environmentKey }) => [{ ...room.place, key: 'CI' }, environmentKey],
    code: 'KEY_CANNOT_MINT',
    refusedIn: 'organization',
  },
  'environmentKeys.revoke': {
    done: async ({ room, owner }) => [
      { ...room.place, key: (await room.mint({ name: 'Revoked' })).fingerprint },
      owner.token,
    ],
    refused: async ({ room, runner }) => [{ ...room.place, key: 'CI' }, runner.token],
    code: 'NOT_KEY_MANAGER',
    refusedIn: 'organization',
  },
  'environmentKeys.update': {
    done: async ({ room, owner }) => [
      { ...room.place, key: (await room.mint({ name: 'Changed' })).fingerprint, level: 'runner' },
      owner.token,
    ],
    refused: async ({ room, runner }) => [{ ...room.place, key: 'CI', name: 'Mine' }, runner.token],
    code: 'NOT_KEY_MANAGER',
    refusedIn: 'organization',
  },
  'environmentKeys.disable': {
    done: async ({ room, owner }) => [{ ...room.place, key: 'CI' }, owner.token],
    refused: async ({ room, runner }) => [{ ...room.place, key: 'CI' }, runner.token],
    code: 'NOT_KEY_MANAGER',
    refusedIn: 'organization',
  },
  'environmentKeys.enable': {
    done: async ({ room, owner }) => [{ ...room.place, key: 'CI' }, owner.token],
    refused: async ({ room, runner }) => [{ ...room.place, key: 'CI' }, runner.token],
    code: 'NOT_KEY_MANAGER',
    refusedIn: 'organization',
  },
  'projects.create': {
    done: async ({ room, owner }) => [
      { organizationId: room.place.organizationId, name: 'Orders' },
      owner.token,
    ],
    refused: async ({ room, runner }) => [
      { organizationId: room.place.organizationId, name: 'Orders' },
      runner.token,
    ],
    code: 'ROLE_INSUFFICIENT',
    refusedIn: 'organization',
  },
  'instances.create': {
    done: async ({ room, owner }) => [
      { organizationId: room.place.organizationId, title: 'Orders', workflows: [mainWorkflow] },
      owner.token,
    ],
    refused: async ({ room, runner }) => [
      { organizationId: room.place.organizationId, title: 'Orders', workflows: [mainWorkflow] },
      runner.token,
    ],
    code: 'ROLE_INSUFFICIENT',
    refusedIn: 'organization',
  },
  'instances.update': notShared(instanceOf, { title: 'Renamed' }),
  'instances.activate': notShared(pausedInstanceOf),
  'instances.deactivate': notShared(instanceOf),
  'instances.archive': notShared(instanceOf),
  'instances.revealKey': notShared(instanceOf),
  'instances.regenerateKey': notShared(instanceOf),
  'instances.trigger': notShared(endpointOf),
  'executions.rerun': notShared(executionOf),
  'signingSecrets.add': notShared(endpointOf, pasted),
  'signingSecrets.update': notShared(signingSecretOf, { label: 'Renamed' }),
  'signingSecrets.retire': notShared(signingSecretOf),
};

const auditedIds = Object.keys(scenarios) as AuditedId[];

async function allEvents({ deps }: TestApp): Promise<AuditEvent[]> {
  const chains = await deps.store.db.selectFrom('audit_chains').select('chain').execute();
  const any = {
    since: undefined,
    until: undefined,
    action: undefined,
    actors: undefined,
    actorText: undefined,
    resource: undefined,
  };
  const filter = { ...any, outcome: undefined, environment: undefined, workspace: undefined };
  const pages = chains.map(({ chain }) =>
    findEvents(deps.store.db, { ...filter, chain, before: undefined, limit: 10_000 }),
  );
  return (await Promise.all(pages)).flat();
}

describeEachEngine('an operation that changes something', (open) => {
  let world: World;
  beforeAll(async () => {
    const app = await startTestApp(await open());
    const room = await openRoom(app);
    const { organizationId } = room.place;
    const runner = await joined(app, organizationId, freshEmail(), 'runner');
    const { apiKey: environmentKey } = await room.mint({ level: 'admin' });
    world = { app, room, owner: room.team.owner, runner, environmentKey };
  });
  afterAll(() => world.app.close());

  /** The events that a call leaves, in whatever chain. */
  async function eventsOf(work: () => Promise<unknown>): Promise<AuditEvent[]> {
    const before = new Set((await allEvents(world.app)).map(({ hash }) => hash));
    await work();
    return (await allEvents(world.app)).filter(({ hash }) => !before.has(hash));
  }

  it.each(auditedIds)('leaves exactly one event when it is done: %s', async (id) => {
    const [input, credential] = await scenarios[id].done(world);
    let requestId: string | undefined;
    const events = await eventsOf(async () => {
      const answer = await ask(world.app, id, input, credential);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      requestId = answer.body.requestId;
    });
    const { action, resource: type } = operations[id].audit;
    const resource = { type, id: expect.any(String) };
    expect(events).toMatchObject([{ action, resource, outcome: 'done', code: null, requestId }]);
    expect(events[0]?.address).toMatch(/^\d/);
  });

  it.each(auditedIds)('leaves exactly one event when it is refused: %s', async (id) => {
    const { refused, code, refusedIn } = scenarios[id];
    const [input, credential] = await refused(world);
    const events = await eventsOf(async () => {
      const answer = await ask(world.app, id, input, credential);
      expect(answer.body.error?.code).toBe(code);
    });
    const chain = refusedIn === 'server' ? 'server' : world.room.place.organizationId;
    const { action } = operations[id].audit;
    expect(events).toMatchObject([{ chain, action, outcome: 'refused', code }]);
  });

  it('names the person, or the key with its fingerprint', async () => {
    const { app, room, owner, environmentKey } = world;
    const [done] = await eventsOf(() => room.mint({ name: 'By a person', workspace: undefined }));
    expect(done).toMatchObject({
      actor: { kind: 'user', id: owner.userId, email: owner.email, fingerprint: null },
      environment: 'dev',
      workspace: null,
      details: { name: 'By a person' },
    });
    const [refused] = await eventsOf(() =>
      ask(app, 'environmentKeys.create', { ...room.place, name: 'By a key' }, environmentKey),
    );
    const fingerprint = expect.stringMatching(/^[0-9a-f]{4}\.{3}[0-9a-f]{4}$/);
    expect(refused).toMatchObject({ actor: { kind: 'key', email: null, fingerprint } });
  });

  it('names what a refused call was about once it was found, and nothing that was only written', async () => {
    const { app, room, runner } = world;
    const { keyId, fingerprint } = await room.mint({ name: 'Not theirs', workspace: undefined });
    const [found] = await eventsOf(() =>
      ask(app, 'environmentKeys.revoke', { ...room.place, key: fingerprint }, runner.token),
    );
    expect(found).toMatchObject({ code: 'NOT_KEY_MANAGER', resource: { id: keyId }, workspace: null });
    const [written] = await eventsOf(() =>
      ask(app, 'keys.revoke', { keyId: 'whatever-it-was' }, runner.token),
    );
    expect(written).toMatchObject({ code: 'KEY_NOT_FOUND', resource: { id: null } });
    expect(JSON.stringify(written)).not.toContain('whatever');
  });

  it('leaves none when it changes nothing: a dry run, and a second revocation', async () => {
    const { room } = world;
    const { fingerprint: key } = await room.mint({ name: 'Once', workspace: undefined });
    expect(await eventsOf(() => room.ask('environmentKeys.revoke', { key, dryRun: true }))).toEqual([]);
    expect(await eventsOf(() => room.revoke(key))).toHaveLength(1);
    expect(await eventsOf(() => room.revoke(key))).toEqual([]);
  });

  it('that only reads leaves none', async () => {
    const { room, owner } = world;
    const { organizationId } = room.place;
    const events = await eventsOf(async () => {
      await must(world.app, 'members.list', { organizationId }, owner.token);
      await must(world.app, 'audit.list', { organizationId }, owner.token);
    });
    expect(events).toEqual([]);
  });
});
