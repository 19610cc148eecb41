import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';

const families = ['organization', 'personal', 'admin', 'session'] as const;
const placeErrors = ['ORGANIZATION_REQUIRED', 'ORGANIZATION_NOT_FOUND', 'ORGANIZATION_MISMATCH'] as const;

/** Where a key does not say it: personal and admin keys, and sessions. */
export const organizationId = field.id
  .optional()
  .describe('Of an organization key it is known; personal and admin keys and sessions name it');

const project = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  status: z.enum(['draft', 'in_progress', 'completed']),
  hasPublishedProcess: z.boolean(),
  createdBy: z.string().nullable().describe('The person who created it; null for a key that acts as nobody'),
  createdAt: z.string().nullable(),
  archived: z.boolean(),
});
const projectExample = {
  id: 'pQ8wErT5yU1iO3pA7sDf',
  name: 'Orders',
  description: '',
  status: 'draft',
  hasPublishedProcess: false,
  createdBy: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
  createdAt: '2026-03-30T00:00:00.000Z',
  archived: false,
} as const;

export const create = defineOperation({
  summary: 'Create a project',
  description:
    'A project groups the instances of one automation. Any role that holds the scope may create one.',
  access: { kind: 'key', families, scope: 'projects:create' },
  audit: { action: 'project.create', resource: 'project' },
  input: z.strictObject({
    organizationId,
    name: field.label(1, 200),
    description: field.description.optional(),
    templateId: field.id.or(z.string().regex(/^[a-z0-9_]{1,64}$/)).default('two_stage'),
  }),
  output: z.object({ projectId: z.string() }),
  errors: [...placeErrors, 'ROLE_INSUFFICIENT'],
  example: { input: { name: 'Orders' }, output: { projectId: projectExample.id } },
});

export const list = defineOperation({
  summary: 'List the projects of an organization',
  description: 'Newest first. Owners and admins see all, other members their own.',
  access: { kind: 'key', families, scope: 'projects:read' },
  input: z.strictObject({ organizationId, archived: field.flag, limit: field.pageSize(50) }),
  output: z.object({
    projects: z.array(project),
    count: z.int(),
    organizationId: z.string(),
  }),
  errors: placeErrors,
  example: {
    input: {},
    output: { projects: [projectExample], count: 1, organizationId: 'xwk9CcT440Vupa8soIhY' },
  },
});

export const get = defineOperation({
  summary: 'Read a project',
  description: 'Owners and admins read all, other members their own.',
  access: { kind: 'key', families, scope: 'projects:read' },
  input: z.strictObject({ projectId: field.id }),
  output: project.extend({
    processId: z.string().nullable(),
    currentDeployment: z.object({ version: z.string(), deployedAt: z.string().nullable() }).nullable(),
    stageCount: z.int(),
    currentStage: z.int(),
  }),
  errors: ['PROJECT_NOT_FOUND', 'ORGANIZATION_MISMATCH', 'NOT_SHARED'],
  example: {
    input: { projectId: projectExample.id },
    output: {
      ...projectExample,
      processId: null,
      currentDeployment: null,
      stageCount: 2,
      currentStage: 1,
    },
  },
});
