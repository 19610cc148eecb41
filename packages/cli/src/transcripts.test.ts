import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, refused, type TestUser, testUser } from './cli-for-tests.ts';

/** The samples of the seed pages, as they are printed there: white space collapsed. */
const samples = {
  createKey: `
✓ Organization API Key Created Successfully
⚠ Save the API key below — it will not be shown again.
API Key: cko_xxxxxxxxxxxxxxxxxxxx
Key Prefix: cko_xxxxxxxx
Key ID: abc123-def456
Name: CI Deploy Key
Scopes: deploy:use-case, workflows:trigger
Created: 3/30/2026
Request ID: req-789
Saved as profile "org-api-key-ci-deploy-key" (now active)
`,
  updateKey: `
✓ API key updated
Key ID: abc123
Name: Production Deploy Key
Scopes: deploy:use-case, instances:read, projects:read
`,
  updateKeyJson: `{
  "success": true,
  "data": {
    "keyId": "abc123",
    "name": "Production Deploy Key",
    "description": "Used by CI/CD pipeline",
    "scopes": ["deploy:use-case", "instances:read", "projects:read"],
    "updatedAt": "2026-03-31T14:00:00.000Z"
  },
  "requestId": "019d312f-..."
}`,
  requestJson: '{ "success": true, "data": { "email": "you@example.com", "expiresInSeconds": 600 } }',
  signupCompleteJson: `{
  "success": true,
  "data": {
    "profileName": "my-organization",
    "organizationId": "org_...",
    "organizationName": "My Organization",
    "isNewUser": true,
    "apiKey": {
      "keyId": "019d...",
      "keyPrefix": "cko_aB12",
      "name": "CLI default key",
      "scopes": [
        "deploy:use-case","projects:create","workflows:trigger",
        "executions:read","instances:read","instances:manage",
        "skills:read","integrations:manage","api-keys:manage","projects:read"
      ],
      "createdAt": "2026-..."
    }
  }
}`,
  multipleOrganizationsJson: `{
  "success": false,
  "status": 409,
  "error": {
    "code": "MULTIPLE_ORGANIZATIONS",
    "message": "Account belongs to multiple organizations. Specify which one to mint a key for.",
    "nextAction": "Re-run \`login-complete\` with \`--organization-id <id>\` for the target org.",
    "details": {
      "organizations": [
        { "id": "org_abc", "name": "Acme" },
        { "id": "org_def", "name": "Beta Corp" }
      ]
    }
  }
}`,
};

const secret = 'cko_xxxxxxxxxxxxxxxxxxxx';
const caller = {
  apiKey: 'cko_EXAMPLE_CALLER_0123456789',
  type: 'org-api-key',
  baseUrl: 'http://127.0.0.1:4700',
  organizationId: 'xwk9CcT440Vupa8soIhY',
  organizationName: 'Acme',
} as const;

let user: TestUser;
beforeEach(() => {
  user = testUser();
});
afterEach(() => user.remove());

/** Lines with white space collapsed and the date masked, which is written as the locale has it. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/\s+/g, ' '))
    .map((line) => line.replace(/^(Created|Expires): .*\d.*$/, '$1: <date>'))
    .filter((line) => line !== '');
}

describe('organization create-key', () => {
  it('prints what the create-key page shows, line by line', async () => {
    user.save({ acme: caller });
    const data = {
      keyId: 'abc123-def456',
      apiKey: secret,
      keyPrefix: 'cko_xxxxxxxx',
      name: 'CI Deploy Key',
      scopes: ['deploy:use-case', 'workflows:trigger'],
      createdAt: '2026-03-30T12:00:00.000Z',
    };
    const command = ['organization', 'create-key', '--organization-id', 'xwk9CcT440Vupa8soIhY'];
    const flags = ['--name', 'CI Deploy Key', '--scopes', 'deploy:use-case,workflows:trigger'];
    const run = await user.run([...command, ...flags], { replies: [ok(data)] });
    expect(run.code).toBe(0);
    expect(lines(run.stdout)).toEqual(lines(samples.createKey));
  });
});

describe('organization update-key', () => {
  const sample = JSON.parse(samples.updateKeyJson);

  it('prints what the update-key page shows, line by line', async () => {
    user.save({ acme: caller });
    const replies = [ok({ ...sample.data, description: '' })];
    const run = await user.run('organization update-key --key-id abc123 --name x', { replies });
    expect(run.code).toBe(0);
    expect(lines(run.stdout)).toEqual(lines(samples.updateKey));
  });

  it('prints the JSON that the update-key page shows', async () => {
    user.save({ acme: caller });
    const replies = [{ status: 200, body: sample }];
    const run = await user.run('organization update-key --key-id abc123 --name x --json', { replies });
    expect(run.json()).toEqual(sample);
  });
});

describe('the emailed-code commands', () => {
  it('print the JSON that the CLI OTP page shows after a request', async () => {
    const sample = JSON.parse(samples.requestJson);
    for (const journey of ['signup', 'login']) {
      const line = `auth ${journey}-request --email you@example.com --json`;
      const run = await user.run(line, { replies: [ok(sample.data)] });
      expect(run.json()).toEqual(sample);
      expect(run.code).toBe(0);
    }
  });

  it('print the JSON that the CLI OTP page shows after a sign-up, and the secret nowhere', async () => {
    const sample = JSON.parse(samples.signupCompleteJson);
    const { profileName: _name, ...data } = sample.data;
    const replies = [ok({ ...data, apiKey: { ...data.apiKey, raw: secret } })];
    const run = await user.run('auth signup-complete --email you@example.com --code 123456 --json', {
      replies,
    });
    expect(run.json()).toEqual(sample);
    expect(run.stdout + run.stderr).not.toContain(secret);
    expect(user.saved().profiles['my-organization']).toHaveProperty('apiKey', secret);
  });

  it('print the JSON that the CLI OTP page shows for several organizations', async () => {
    const sample = JSON.parse(samples.multipleOrganizationsJson);
    const replies = [refused(409, sample.error.code, sample.error)];
    const run = await user.run('auth login-complete --email you@example.com --code 123456 --json', {
      replies,
    });
    expect(run).toMatchObject({ code: 1, stderr: '' });
    expect(run.json()).toEqual(sample);
  });
});
