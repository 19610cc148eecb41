import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestUser, testUser } from '../../cli-for-tests.ts';
import { startServerForCommands, type TestServer } from '../../server-for-tests.ts';

describe('a signed-in person', () => {
  let server: TestServer;
  let user: TestUser;
  let organizationId: string;

  beforeAll(async () => {
    server = await startServerForCommands();
    user = testUser();
    ({ organizationId } = await server.signUp('ada@example.com'));
    await server.login(user, 'ada@example.com');
    await server.run(user, 'use --env sandbox');
  });
  afterAll(async () => {
    user.remove();
    await server.app.close();
  });

  it('makes and finds instances where they work', async () => {
    const create = 'instance create --title Orders --workflow main=https://orders.example.com/run --json';
    const made = await server.run(user, create);
    expect(made.code).toBe(0);
    expect(made.json()).toMatchObject({ data: { organizationId, environment: 'sandbox' } });
    const listed = await server.run(user, 'list instances');
    expect(listed.stdout).toContain(`● Process Instances (${organizationId})`);
    expect(listed.stdout).toMatch(/Orders +sandbox +active/);
    const projects = await server.run(user, 'project create --name Other --json');
    expect(projects.code).toBe(0);
    expect((await server.run(user, 'list projects')).stdout).toMatch(/Other +draft/);
  });

  it('is told where a key belongs that manages nothing', async () => {
    for (const key of ['ck_EXAMPLE', 'ck_dev_a3f9_EXAMPLE']) {
      const run = await server.run(user, `list instances --api-key ${key}`);
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toContain('✗ KEY_WRONG_PLACE');
    }
  });
});
