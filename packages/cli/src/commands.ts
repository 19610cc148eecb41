import type { Group } from './command.ts';
import { door } from './door-commands.ts';

const auth: Group = {
  summary: 'Sign up and log in from a terminal, by a code sent by email',
  examples: [
    'latchkey auth signup-request --email you@example.com',
    'latchkey auth signup-complete --email you@example.com --code 123456',
  ],
  children: {
    'signup-request': {
      summary: 'Email a 6-digit code that signs a new account up',
      load: () => import('./commands/auth/signup-request.ts'),
    },
    'signup-complete': {
      summary: 'Redeem it: account, organization and first key',
      load: () => import('./commands/auth/signup-complete.ts'),
    },
    'login-request': {
      summary: 'Email a 6-digit code that logs an existing account in',
      load: () => import('./commands/auth/login-request.ts'),
    },
    'login-complete': {
      summary: 'Redeem it: a new key for one of your organizations',
      load: () => import('./commands/auth/login-complete.ts'),
    },
  },
};

const organization: Group = {
  summary: 'Create and change organizations, and manage their keys',
  examples: [
    'latchkey organization create-key --organization-id <id> --name "CI" --scopes workflows:trigger',
    'latchkey organization list-keys',
  ],
  children: {
    create: { summary: 'Create an organization', load: () => import('./commands/organization/create.ts') },
    get: { summary: 'Show the organization', load: () => import('./commands/organization/get.ts') },
    update: {
      summary: 'Change the name, description, size or logo',
      load: () => import('./commands/organization/update.ts'),
    },
    'create-key': {
      summary: 'Create a key, save it as a profile and make that active',
      load: () => import('./commands/organization/create-key.ts'),
    },
    'update-key': {
      summary: 'Rename a key, or change its scopes or what it is bound to',
      load: () => import('./commands/organization/update-key.ts'),
    },
    'list-keys': {
      summary: 'List keys, newest first',
      load: () => import('./commands/organization/list-keys.ts'),
    },
    'disable-key': {
      summary: 'Disable a key for a while',
      load: () => import('./commands/organization/disable-key.ts'),
    },
    'enable-key': {
      summary: 'Enable a disabled key',
      load: () => import('./commands/organization/enable-key.ts'),
    },
    'revoke-key': {
      summary: 'Revoke a key, for ever',
      load: () => import('./commands/organization/revoke-key.ts'),
    },
    'verify-key': {
      summary: 'Say whether a key is good, and for what',
      load: () => import('./commands/organization/verify-key.ts'),
    },
  },
};

const key: Group = {
  summary: 'Environment keys: create, list, rotate, disable, revoke',
  examples: [
    'latchkey key create --name github-actions-deploy --workspace payments --scope developer',
    'latchkey key rotate github-actions-deploy',
  ],
  children: {
    create: { summary: 'Create a key', load: () => import('./commands/key/create.ts') },
    list: { summary: 'List keys with their last use', load: () => import('./commands/key/list.ts') },
    rotate: {
      summary: 'Replace a key; the old one ends after 24 hours',
      load: () => import('./commands/key/rotate.ts'),
    },
    update: { summary: 'Rename a key, or change its scope', load: () => import('./commands/key/update.ts') },
    disable: { summary: 'Disable a key for a while', load: () => import('./commands/key/disable.ts') },
    enable: { summary: 'Enable a disabled key', load: () => import('./commands/key/enable.ts') },
    revoke: { summary: 'Revoke a key, for ever', load: () => import('./commands/key/revoke.ts') },
    'revoke-own': {
      summary: 'Revoke the key in use, of any family',
      load: () => import('./commands/key/revoke-own.ts'),
    },
    'report-leaked': {
      summary: 'Report a key of any family that was found in the open',
      load: () => import('./commands/key/report-leaked.ts'),
    },
  },
};

const workspace: Group = {
  summary: 'Workspaces, which keys and levels belong to',
  examples: [
    'latchkey workspace create --name Payments --slug payments',
    'latchkey workspace list --env prod',
  ],
  children: {
    create: { summary: 'Create a workspace', load: () => import('./commands/workspace/create.ts') },
    list: { summary: 'List workspaces', load: () => import('./commands/workspace/list.ts') },
    delete: {
      summary: 'Delete a workspace and revoke its keys',
      load: () => import('./commands/workspace/delete.ts'),
    },
    'set-level': {
      summary: 'Grant a member a level in a workspace',
      load: () => import('./commands/workspace/set-level.ts'),
    },
  },
};

const member: Group = {
  summary: 'Members of the organization',
  examples: ['latchkey member invite bob@example.com --role developer', 'latchkey member list'],
  children: {
    list: { summary: 'List members and invitations', load: () => import('./commands/member/list.ts') },
    invite: { summary: 'Invite a person by email', load: () => import('./commands/member/invite.ts') },
    'set-role': {
      summary: 'Change the role of a member',
      load: () => import('./commands/member/set-role.ts'),
    },
    remove: {
      summary: 'Remove a member, or withdraw an invitation',
      load: () => import('./commands/member/remove.ts'),
    },
  },
};

const audit: Group = {
  summary: 'List who changed what, export it, and check an export',
  examples: [
    'latchkey audit --since 7d --action key.create',
    'latchkey audit export --output audit.jsonl',
    'latchkey audit verify audit.jsonl',
  ],
  bare: 'list',
  children: {
    list: {
      summary: 'List audit events (also without a word)',
      load: () => import('./commands/audit/list.ts'),
    },
    export: { summary: 'Write the whole chain, signed', load: () => import('./commands/audit/export.ts') },
    verify: { summary: 'Check an export, offline', load: () => import('./commands/audit/verify.ts') },
  },
};

const config: Group = {
  summary: 'Set, show and clear the saved profiles',
  examples: ['latchkey config show', 'latchkey config clear --profile old'],
  children: {
    set: { summary: 'Save an API key as a profile', load: () => import('./commands/config/set.ts') },
    'use-context': { summary: 'Switch to another profile (as use)', load: () => import('./commands/use.ts') },
    show: { summary: 'Show profiles and server in use', load: () => import('./commands/config/show.ts') },
    clear: { summary: 'Delete all profiles, or one', load: () => import('./commands/config/clear.ts') },
  },
};

const admin: Group = {
  summary: "What the operator does on the server's own host",
  examples: ['latchkey admin create-key --name Operator --save'],
  children: {
    'create-key': {
      summary: 'Create an admin or personal key',
      load: () => import('./commands/admin/create-key.ts'),
    },
  },
};

/** Every command. Help, dispatch and completion are made from this, so that none can be missed. */
export const root: Group = {
  summary: 'Self-hosted API keys for agents, CI and webhooks',
  examples: [
    'latchkey auth signup-request --email you@example.com',
    'latchkey auth signup-complete --email you@example.com --code 123456',
    'latchkey whoami',
  ],
  children: {
    auth,
    organization,
    key,
    workspace,
    member,
    ...door,
    audit,
    scan: { summary: 'Find keys in files and folders', load: () => import('./commands/scan.ts') },
    login: {
      summary: 'Sign in with the browser, or save an API key',
      load: () => import('./commands/login.ts'),
    },
    logout: { summary: 'End the session, or remove a saved key', load: () => import('./commands/logout.ts') },
    whoami: { summary: 'Show who is logged in', load: () => import('./commands/whoami.ts') },
    use: {
      summary: 'Switch profile, organization, environment or workspace',
      aliases: ['profiles', 'switch'],
      load: () => import('./commands/use.ts'),
    },
    status: {
      summary: 'Show identity and server in use, without asking the server',
      load: () => import('./commands/status.ts'),
    },
    config,
    completion: {
      summary: 'Print or install shell completion',
      load: () => import('./commands/completion.ts'),
    },
    serve: { summary: 'Run the server', load: () => import('./commands/serve.ts') },
    admin,
  },
};
