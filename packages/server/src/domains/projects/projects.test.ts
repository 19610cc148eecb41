import { describeEachEngine, startTestApp, type TestApp } from '@latchkey/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../calls-for-tests.ts';
import { type Company, foundCompany, keyOf, made } from '../instances/instances-for-tests.ts';
import { ask, must } from '../people-for-tests.ts';
import { countRows, removeMember } from '../rows-for-tests.sql.ts';

describeEachEngine('projects', (open) => {
  let app: TestApp;
  let company: Company;
  beforeAll(async () => {
    app = await startTestApp(await open());
    company = await foundCompany(app);
  });
  afterAll(() => app.close());

  const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
  const createdBy = (credential: string, input: object = { organizationId: company.organizationId }) =>
    must(app, 'projects.create', { name: 'Orders', ...input }, credential);

  it('are made at both paths and read with exactly the 12 keys that clients count', async () => {
    const { organizationId, owner } = company;
    const body = { name: 'Orders', description: 'All of them', organizationId };
    const [own, published] = [
      await must(app, 'projects.create', body, owner.token),
      (await app.call('/createprojectviaapikey', { body, headers: bearer(owner.token) })).body.data,
    ];
    expect(Object.keys(published)).toEqual(['projectId']);
    const { projectId } = own;
    const read = await app.call('/getprojectpublic', { body: { projectId }, headers: bearer(owner.token) });
    expect(read.body.data).toEqual({
      id: projectId,
      name: 'Orders',
      description: 'All of them',
      status: 'draft',
      hasPublishedProcess: false,
      processId: null,
      currentDeployment: null,
      createdBy: owner.userId,
      createdAt: new Date(app.clock.now()).toISOString(),
      archived: false,
      stageCount: 2,
      currentStage: 1,
    });
  });

  it('have a process from their first instance on, published with one of prod', async () => {
    const { owner } = company;
    const { projectId } = await createdBy(owner.token);
    const read = () => must(app, 'projects.get', { projectId }, owner.token);
    await made(app, company, owner, { projectId });
    const deployedAt = new Date(app.clock.now()).toISOString();
    expect(await read()).toMatchObject({
      processId: projectId,
      hasPublishedProcess: false,
      currentDeployment: { version: '1.0', deployedAt },
    });
    app.clock.advance(1000);
    await made(app, company, owner, { projectId, environment: 'prod' });
    const later = new Date(app.clock.now()).toISOString();
    expect(await read()).toMatchObject({
      hasPublishedProcess: true,
      currentDeployment: { version: '1.0', deployedAt: later },
    });
  });

  it('are listed newest first with exactly 8 keys: all for owners, admins and keys of nobody, else their own', async () => {
    const mine = await foundCompany(app);
    const { organizationId, owner, admin, developer, other } = mine;
    const of = (name: string, credential: string) => createdBy(credential, { organizationId, name });
    await of('First', owner.token);
    app.clock.advance(1000);
    await of('Second', developer.token);
    const names = async (credential: string, input: object = { organizationId }) => {
      const listed = await must(app, 'projects.list', input, credential);
      expect(listed).toMatchObject({ organizationId, count: listed.projects.length });
      return listed.projects.map(({ name }) => name);
    };
    const nobody = await keyOf(app, 'organization', { organizationId });
    for (const credential of [owner.token, admin.token, await keyOf(app, 'admin')]) {
      expect(await names(credential)).toEqual(['Second', 'First']);
    }
    expect(await names(nobody, {})).toEqual(['Second', 'First']);
    expect(await names(developer.token)).toEqual(['Second']);
    expect(await names(other.token)).toEqual([]);
    expect(await names(owner.token, { organizationId, limit: 1 })).toEqual(['Second']);
    expect(await names(owner.token, { organizationId, archived: true })).toEqual([]);
    const { projects } = await must(app, 'projects.list', { organizationId }, developer.token);
    expect(projects.map((each) => Object.keys(each).sort())).toEqual([
      ['archived', 'createdAt', 'createdBy', 'description', 'hasPublishedProcess', 'id', 'name', 'status'],
    ]);
    const left = await keyOf(app, 'organization', { organizationId, userId: developer.userId });
    expect(await names(left, {})).toEqual(['Second']);
    await removeMember(app.deps.store, developer.email, organizationId);
    expect(await names(left, {})).toEqual([]);
  });

  describe('are refused', () => {
    it('to read for whoever neither made them nor manages the organization', async () => {
      const { organizationId, owner, developer } = company;
      const stranger = await foundCompany(app);
      const { projectId } = await createdBy(owner.token);
      const foreign = await keyOf(app, 'organization', stranger);
      const refusals = [
        [projectId, developer.token, 'NOT_SHARED'],
        [projectId, stranger.owner.token, 'PROJECT_NOT_FOUND'],
        [projectId, foreign, 'ORGANIZATION_MISMATCH'],
        ['not-there', owner.token, 'PROJECT_NOT_FOUND'],
      ] as const;
      for (const [id, credential, code] of refusals) {
        expect(refusal(await ask(app, 'projects.get', { projectId: id }, credential)).code).toBe(code);
      }
      const lists = [
        [{}, owner.token, 'ORGANIZATION_REQUIRED'],
        [{ organizationId }, stranger.owner.token, 'ORGANIZATION_NOT_FOUND'],
        [{ organizationId }, foreign, 'ORGANIZATION_MISMATCH'],
        [{ organizationId: 'not-there' }, foreign, 'ORGANIZATION_NOT_FOUND'],
      ] as const;
      for (const [input, credential, code] of lists) {
        expect(refusal(await ask(app, 'projects.list', input, credential)).code).toBe(code);
      }
    });

    it('to make without a name, a scope, a role, or an organization that they belong to', async () => {
      const { organizationId, owner, runner } = company;
      const stranger = await foundCompany(app);
      const blind = await keyOf(app, 'organization', { organizationId }, ['projects:read']);
      const before = await countRows(app.deps.store, 'projects');
      const refusals = [
        [{ organizationId, name: '' }, owner.token, 'INVALID_REQUEST'],
        [{ name: 'P' }, owner.token, 'ORGANIZATION_REQUIRED'],
        [{ name: 'P' }, blind, 'SCOPE_MISSING'],
        [{ organizationId, name: 'P' }, runner.token, 'ROLE_INSUFFICIENT'],
        [{ organizationId, name: 'P' }, stranger.owner.token, 'ORGANIZATION_NOT_FOUND'],
        [{ organizationId: stranger.organizationId, name: 'P' }, blind, 'SCOPE_MISSING'],
      ] as const;
      for (const [input, credential, code] of refusals) {
        expect(refusal(await ask(app, 'projects.create', input, credential)).code).toBe(code);
      }
      expect(await countRows(app.deps.store, 'projects')).toBe(before);
    });
  });
});
