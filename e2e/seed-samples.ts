import { transcript } from './transcript.ts';

/** Outputs as the pages that describe the commands show them, with this product's name. */
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
Saved as profile "org-api-key-ci-deploy-key" (now active)`,

  updateKey: `
✓ API key updated
Key ID: abc123
Name: Production Deploy Key
Scopes: deploy:use-case, instances:read, projects:read`,

  updateKeyJson: `
{
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

  signupRequestJson: `
{ "success": true, "data": { "email": "you@example.com", "expiresInSeconds": 600 } }`,

  signupCompleteJson: `
{
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

  multipleOrganizationsJson: `
{
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
} as const;

/** The stand-ins of the pages for what differs per run, masked as a transcript masks the real thing. */
const standIns: readonly (readonly [RegExp, string])[] = [
  [/cko_x{20}/g, '<secret>'],
  [/cko_(x{8}|aB12)\b/g, '<prefix>'],
  [/org_(\.\.\.|abc|def)|abc123(-def456)?|req-789|019d(312f-)?\.\.\./g, '<id>'],
  [/2026-\.\.\./g, '<instant>'],
];

/** The lines of a sample, masked like a transcript; JSON is laid out as the command lays it out. */
export function sampleLines(name: keyof typeof samples): string[] {
  const text = name.endsWith('Json') ? JSON.stringify(JSON.parse(samples[name]), null, 2) : samples[name];
  return transcript(standIns.reduce((masked, [form, mask]) => masked.replace(form, mask), text));
}
