import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { countRows, removeMember, setRole } from '../rows-for-tests.sql.ts';
import { type Company, foundCompany, keyOf, made, mainWorkflow } from './instances-for-tests.ts';

/** What comes of reading, managing and showing the key, in this order. */
type Outcomes = readonly [read: string, manage: string, reveal: string];

const all: Outcomes = ['OK', 'OK', 'OK'];
const hidden: Outcomes = ['NOT_SHARED', 'NOT_SHARED', 'NOT_SHARED'];
const unknown: Outcomes = ['INSTANCE_NOT_FOUND', 'INSTANCE_NOT_FOUND', 'INSTANCE_NOT_FOUND'];
const foreign: Outcomes = ['ORGANIZATION_MISMATCH', 'ORGANIZATION_MISMATCH', 'ORGANIZATION_MISMATCH'];
const managing: Outcomes = ['OK', 'OK', 'ADMIN_REQUIRED'];
const reading: Outcomes = ['OK', 'ROLE_INSUFFICIENT', 'ADMIN_REQUIRED'];

/** Who calls, and what comes of it where an instance of `developer` is shared with nobody and with everyone. */
const expected = {
  'the session of an owner': [all, all],
  'the session of an admin': [all, all],
  'the session of the developer who made it': [managing, managing],
  'the session of another developer': [hidden, managing],
  'the session of a runner': [hidden, reading],
  'the session of a stranger': [unknown, unknown],
  'a personal key of an owner': [all, all],
  'a personal key of a stranger': [unknown, unknown],
  'an admin key': [all, all],
  'an organization key of an admin': [all, all],
  'an organization key of the developer who made it': [managing, managing],
  'an organization key of another developer': [hidden, managing],
  'an organization key of somebody who was demoted to runner': [hidden, reading],
  'an organization key of somebody who has left': [hidden, reading],
  'an organization key that acts as nobody': [all, all],
  'an organization key of another organization': [foreign, foreign],
} as const;
type Caller = keyof typeof expected;

async function callersOf(app: TestApp, company: Company): Promise<Record<Caller, string>> {
  const { organizationId, owner, admin, developer, other, runner } = company;
  const stranger = await foundCompany(app);
  const bound = (userId: string | null) => keyOf(app, 'organization', { organizationId, userId });
  return {
    'the session of an owner': owner.token,
    'the session of an admin': admin.token,
    'the session of the developer who made it': developer.token,
    'the session of another developer': other.token,
    'the session of a runner': runner.token,
    'the session of a stranger': stranger.owner.token,
    'a personal key of an owner': await keyOf(app, 'personal', owner),
    'a personal key of a stranger': await keyOf(app, 'personal', stranger.owner),
    'an admin key': await keyOf(app, 'admin'),
    'an organization key of an admin': await bound(admin.userId),
    'an organization key of the developer who made it': await bound(developer.userId),
    'an organization key of another developer': await bound(other.userId),
    'an organization key of somebody who was demoted to runner': await bound(runner.userId),
    'an organization key of somebody who has left': await bound(stranger.admin.userId),
    'an organization key that acts as nobody': await bound(null),
    'an organization key of another organization': await keyOf(app, 'organization', {
      organizationId: stranger.organizationId,
      userId: stranger.owner.userId,
    }),
  };
}

describeEachEngine('an instance', (open) => {
  let app: TestApp;
  let company: Company;
  let callers: Record<Caller, string>;
  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
    callers = await callersOf(app, company);
  });
  afterAll(() => app.close());

  async function outcomesOf(processInstanceId: string, credential: string): Promise<string[]> {
    const one = { processInstanceId };
    const answers = [
      await ask(app, 'instances.get', one, credential),
      await ask(app, 'instances.update', { ...one, queryKeys: false }, credential),
      await ask(app, 'instances.revealKey', one, credential),
    ];
    return answers.map((answer) => (answer.status === 200 ? 'OK' : refusal(answer).code));
  }

  const callerNames = Object.keys(expected) as Caller[];
  it.each(callerNames)('is seen, managed and shown as its sharing says by %s', async (name) => {
    const { processInstanceId } = await made(app, company, company.developer, { sharedWith: 'owner_only' });
    const before = await outcomesOf(processInstanceId, callers[name]);
    const share = { processInstanceId, sharedWith: 'everyone' };
    await must(app, 'instances.update', share, company.owner.token);
    const after = await outcomesOf(processInstanceId, callers[name]);
    expect([before, after]).toEqual(expected[name]);
  });

  it('is managed by every way of managing alike', async () => {
    const { processInstanceId } = await made(app, company, company.developer);
    const endpoint = { processInstanceId, workflowId: 'main' };
    const one = { ...endpoint, signingSecretId: 'any' };
    const calls = [
      ['instances.activate', { processInstanceId }],
      ['instances.deactivate', { processInstanceId }],
      ['instances.archive', { processInstanceId }],
      ['instances.regenerateKey', { processInstanceId }],
      ['signingSecrets.add', { ...endpoint, scheme: 'github', secret: 'not so secret' }],
      ['signingSecrets.list', endpoint],
      ['signingSecrets.update', { ...one, label: 'x' }],
      ['signingSecrets.retire', one],
    ] as const;
    for (const [id, input] of calls) {
      const codes = [];
      for (const name of callerNames) codes.push(refusalCode(await ask(app, id, input, callers[name])));
      const others = callerNames
        .map((name) => expected[name][0][1])
        .map((code) => (code === 'OK' ? '' : code));
      expect(codes.map((code, index) => (others[index] === '' ? '' : code))).toEqual(others);
    }
  });

  function refusalCode(answer: Awaited<ReturnType<typeof ask>>): string {
    return answer.status === 200 ? 'OK' : refusal(answer).code;
  }

  it('is listed for whoever sees it, in the organization of the key', async () => {
    const mine = await foundCompany(app);
    const { organizationId, developer, other } = mine;
    await made(app, mine, mine.owner, { title: 'Hidden' });
    await made(app, mine, developer, { title: 'Own', sharedWith: 'owner_only' });
    await made(app, mine, mine.owner, { title: 'Shared', sharedWith: 'everyone' });
    const left = await keyOf(app, 'organization', { organizationId, userId: other.userId });
    const titles = async (credential: string, input: object = { organizationId }) => {
      const { instances } = await must(app, 'instances.list', input, credential);
      return instances.map(({ title }) => title).sort();
    };
    expect(await titles(mine.owner.token)).toEqual(['Hidden', 'Own', 'Shared']);
    expect(await titles(developer.token)).toEqual(['Own', 'Shared']);
    expect(await titles(other.token)).toEqual(['Shared']);
    expect(await titles(await keyOf(app, 'organization', { organizationId }), {})).toHaveLength(3);
    await removeMember(app.deps.store, other.email, organizationId);
    expect(await titles(left, {})).toEqual(['Shared']);
  });

  it('belongs no longer to a developer who has left, and again when they come back', async () => {
    const mine = await foundCompany(app);
    const { organizationId, developer } = mine;
    const { processInstanceId } = await made(app, mine, developer);
    const key = await keyOf(app, 'organization', { organizationId, userId: developer.userId });
    await setRole(app.deps.store, organizationId, developer.email, 'runner');
    expect(await outcomesOf(processInstanceId, key)).toEqual(['OK', 'ROLE_INSUFFICIENT', 'ADMIN_REQUIRED']);
    await removeMember(app.deps.store, developer.email, organizationId);
    expect(await outcomesOf(processInstanceId, key)).toEqual(hidden);
    expect(await outcomesOf(processInstanceId, developer.token)).toEqual(unknown);
  });

  it('is made only by whoever manages instances, and in a project that they see', async () => {
    const { organizationId, owner, developer, runner } = company;
    const whole = { title: 'Orders', workflows: [mainWorkflow] };
    const { projectId } = await must(app, 'projects.create', { organizationId, name: 'P' }, owner.token);
    const before = await countRows(app.deps.store, 'process_instances');
    const left = callers['an organization key of somebody who has left'];
    const refused = [
      [{ organizationId }, runner.token, 'ROLE_INSUFFICIENT'],
      [{}, left, 'ROLE_INSUFFICIENT'],
      [{ projectId }, developer.token, 'NOT_SHARED'],
      [{ projectId }, left, 'NOT_SHARED'],
      [{ projectId }, callers['the session of a stranger'], 'PROJECT_NOT_FOUND'],
      [{ projectId }, callers['an organization key of another organization'], 'ORGANIZATION_MISMATCH'],
      [{ organizationId }, callers['the session of a stranger'], 'ORGANIZATION_NOT_FOUND'],
      [{ organizationId }, callers['an organization key of another organization'], 'ORGANIZATION_MISMATCH'],
      [{}, callers['an admin key'], 'ORGANIZATION_REQUIRED'],
    ] as const;
    for (const [input, credential, code] of refused) {
      const answer = await ask(app, 'instances.create', { ...whole, ...input }, credential);
      expect(refusal(answer).code).toBe(code);
    }
    expect(await countRows(app.deps.store, 'process_instances')).toBe(before);
    const nobody = callers['an organization key that acts as nobody'];
    const made = await must(app, 'instances.create', { ...whole, projectId }, nobody);
    expect(made.processId).toBe(projectId);
  });

  describe('is refused without', () => {
    it('a scope of the key, whatever the role', async () => {
      const { organizationId, owner } = company;
      const { processInstanceId } = await made(app, company, owner);
      const whose = { organizationId, userId: owner.userId };
      const key = await keyOf(app, 'organization', whose, ['instances:read']);
      expect(await outcomesOf(processInstanceId, key)).toEqual(['OK', 'SCOPE_MISSING', 'SCOPE_MISSING']);
      const blind = await keyOf(app, 'organization', whose, ['instances:manage']);
      expect(await outcomesOf(processInstanceId, blind)).toEqual(['SCOPE_MISSING', 'OK', 'OK']);
    });

    it('being there', async () => {
      for (const name of callerNames) {
        expect(await outcomesOf('not-there', callers[name])).toEqual(unknown);
      }
    });
  });
});
