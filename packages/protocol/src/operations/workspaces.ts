import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { sessionOnly } from './sessions.ts';

const place = { organizationId: field.id, environment: field.environment };
const placeExample = { organizationId: 'xwk9CcT440Vupa8soIhY', environment: 'dev' } as const;
const slugErrors = { slug: { missing: 'INVALID_SLUG', invalid: 'INVALID_SLUG' } } as const;
const levelErrors = { level: { missing: 'INVALID_LEVEL', invalid: 'INVALID_LEVEL' } } as const;

const workspace = z.object({
  workspaceId: z.string(),
  environment: field.environment,
  slug: z.string(),
  name: z.string(),
  createdAt: z.string(),
});
const workspaceExample = {
  workspaceId: 'wsp_0aB1cD2eF3gH4iJ5kL6m',
  environment: 'dev',
  slug: 'payments',
  name: 'Payments',
  createdAt: '2026-03-30T00:00:00.000Z',
} as const;

const grants = z
  .array(z.object({ memberId: z.string(), level: field.level }))
  .nullable()
  .describe('What was granted to members, oldest first; null for whoever may not grant it');
const grantExample = { memberId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9', level: 'developer' } as const;

export const create = defineOperation({
  summary: 'Create a workspace',
  description:
    'In one environment of an organization. The same slug in another environment is another workspace. Needs the role owner or admin.',
  access: sessionOnly,
  audit: { action: 'workspace.create', resource: 'workspace' },
  input: z.strictObject({ ...place, name: field.label(1, 100), slug: field.slug }),
  output: workspace,
  fieldErrors: { name: { missing: 'NAME_REQUIRED' }, ...slugErrors },
  errors: ['NAME_REQUIRED', 'INVALID_SLUG', 'ORGANIZATION_NOT_FOUND', 'ADMIN_REQUIRED', 'SLUG_TAKEN'],
  example: { input: { ...placeExample, name: 'Payments', slug: 'payments' }, output: workspaceExample },
});

export const list = defineOperation({
  summary: 'List the workspaces of an environment',
  description:
    'By slug, each with the level that the caller has in it, and for owners and admins with what members are granted there.',
  access: sessionOnly,
  input: z.strictObject(place),
  output: z.object({ workspaces: z.array(workspace.extend({ level: field.level, grants })) }),
  errors: ['ORGANIZATION_NOT_FOUND'],
  example: {
    input: placeExample,
    output: { workspaces: [{ ...workspaceExample, level: 'admin', grants: [grantExample] }] },
  },
});

export const deleteWorkspace = defineOperation({
  summary: 'Delete a workspace',
  description:
    'Revokes the keys that are restricted to it, in force when the answer arrives. Their records are kept. The slug is free again.',
  access: sessionOnly,
  audit: { action: 'workspace.delete', resource: 'workspace' },
  input: z.strictObject({ ...place, slug: field.slug }),
  output: z.object({ workspaceId: z.string(), slug: z.string(), revokedKeys: z.int() }),
  fieldErrors: slugErrors,
  errors: ['INVALID_SLUG', 'ORGANIZATION_NOT_FOUND', 'ADMIN_REQUIRED', 'WORKSPACE_NOT_FOUND'],
  example: {
    input: { ...placeExample, slug: 'payments' },
    output: { workspaceId: workspaceExample.workspaceId, slug: 'payments', revokedKeys: 2 },
  },
});

export const setLevel = defineOperation({
  summary: 'Grant or take the level of a member in a workspace',
  description:
    '`null` takes it. A member has the greater of what their role stands for and what they are granted here. Needs the role owner or admin.',
  access: sessionOnly,
  audit: { action: 'workspace.set_level', resource: 'member' },
  input: z.strictObject({
    ...place,
    slug: field.slug,
    memberId: field.id,
    level: field.level.nullable(),
  }),
  output: z.object({
    memberId: z.string(),
    granted: field.level.nullable(),
    level: field.level.describe('What the member has in the workspace now'),
  }),
  fieldErrors: { ...slugErrors, ...levelErrors },
  errors: [
    'INVALID_SLUG',
    'INVALID_LEVEL',
    'ORGANIZATION_NOT_FOUND',
    'ADMIN_REQUIRED',
    'WORKSPACE_NOT_FOUND',
    'MEMBER_NOT_FOUND',
  ],
  example: {
    input: { ...placeExample, slug: 'payments', ...grantExample },
    output: { memberId: grantExample.memberId, granted: 'developer', level: 'developer' },
  },
});
