import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, type TestUser, testUser } from '../../cli-for-tests.ts';

const caller = {
  apiKey: 'ckp_EXAMPLE_CALLER_0123456789',
  type: 'personal-api-key',
  baseUrl: 'http://keys.test',
} as const;
const project = {
  id: 'pQ8wErT5yU1iO3pA7sDf',
  name: 'Orders',
  description: '',
  status: 'draft',
  hasPublishedProcess: false,
  createdBy: 'user1',
  createdAt: '2026-03-30T12:00:00.000Z',
  archived: false,
};

let user: TestUser;
beforeEach(() => {
  user = testUser();
  user.save({ me: caller });
});
afterEach(() => user.remove());

describe('project create', () => {
  it('sends the name, and the organization where one is known', async () => {
    const replies = [ok({ projectId: project.id })];
    const run = await user.run('project create --name Orders', { replies });
    expect(run.sent[0]).toMatchObject({ method: 'POST', url: 'http://keys.test/v1/projects' });
    expect(run.sent[0]?.body).toEqual({ name: 'Orders' });
    const named = await user.run('project create --name Orders --organization-id org1', { replies });
    expect(named.sent[0]?.body).toEqual({ name: 'Orders', organizationId: 'org1' });
  });

  it('prints what the published client prints', async () => {
    const run = await user.run('project create --name Orders', { replies: [ok({ projectId: project.id })] });
    expect(run.stdout).toBe(
      `\n✓ Project Created Successfully\n\n  Project ID: ${project.id}\n  Request ID: req-789\n\n`,
    );
  });
});

describe.each(['project list', 'list projects'])('%s', (line) => {
  it('lists with the columns of the contract, and the id', async () => {
    const projects = [project, { ...project, name: 'A', hasPublishedProcess: true, createdAt: null }];
    const replies = [ok({ projects, count: 2, organizationId: 'org1' })];
    const run = await user.run(`${line} --archived`, { replies });
    expect(run.sent[0]?.url).toBe('http://keys.test/v1/projects?archived=true');
    const rows = run.stdout.split('\n').map((row) => row.trim().replace(/ {2,}/g, '|'));
    expect(rows[1]).toBe('● Projects (org1)');
    expect(rows[3]).toBe('Name|Status|Published|Created|Project ID');
    expect(rows[4]).toMatch(/^Orders\|draft\|no\|.*2026.*\|pQ8wErT5yU1iO3pA7sDf$/);
    expect(rows[5]).toBe('A|draft|yes|-|pQ8wErT5yU1iO3pA7sDf');
  });

  it('keeps to the width of a terminal, with ids whole', async () => {
    const projects = [{ ...project, name: 'Orders of the whole world and what came of them' }];
    const replies = [ok({ projects, count: 1, organizationId: 'org1' })];
    const run = await user.run(line, { replies, columns: 80 });
    const lines = run.stdout.split('\n');
    expect(lines.filter((each) => each.length > 80)).toEqual([]);
    expect(lines.filter((each) => each.endsWith(` ${project.id}`))).toHaveLength(1);
  });

  it('says on stderr that there are none', async () => {
    const replies = [ok({ projects: [], count: 0, organizationId: 'org1' })];
    expect(await user.run(line, { replies })).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'No projects.\n',
    });
  });

  it('exits 2 for a limit that the server would refuse', async () => {
    expect(await user.run(`${line} --limit 101`)).toMatchObject({ code: 2, sent: [] });
  });
});

describe.each(['project get', 'get project'])('%s', (line) => {
  const shown = { ...project, processId: null, currentDeployment: null, stageCount: 2, currentStage: 1 };

  it('prints the labels of the contract, without what there is not', async () => {
    const run = await user.run(`${line} ${project.id}`, { replies: [ok(shown)] });
    const labels = run.stdout.split('\n').flatMap((each) => /^ {2}([A-Z][\w ]+):/.exec(each)?.[1] ?? []);
    expect(labels).toEqual(['Project ID', 'Name', 'Status', 'Published', 'Stages', 'Created']);
    expect(run.stdout).toContain('2 (current: 1)');
  });

  it('prints the body of the server with --json', async () => {
    const run = await user.run(`${line} ${project.id} --json`, { replies: [ok(shown)] });
    expect(run.json()).toEqual({ success: true, data: shown, requestId: 'req-789' });
  });
});
