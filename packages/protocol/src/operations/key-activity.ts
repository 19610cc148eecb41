import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { useOutcomes, type VerdictCode, verdictCodes } from '../verdict.ts';
import { inventoried, inventoriedExample } from './key-inventory.ts';

const maxHours = 720;

const hours = z
  .array(
    z.object({
      hour: z.string().describe('When it begins'),
      outcomes: z
        .partialRecord(z.enum(useOutcomes), z.int())
        .describe(
          '`VALID`: accepted. `REQUEST_REFUSED`: the key was good, and the request was refused for something else, as for its input. Else why the key was refused',
        ),
    }),
  )
  .describe('Oldest first; hours without use are left out');

const hoursExample: z.output<typeof hours> = [
  { hour: '2026-03-31T14:00:00.000Z', outcomes: { VALID: 118, SCOPE_MISSING: 2 } },
];

function hoursBack(usual: number) {
  return z.coerce.number().int().min(1).max(maxHours).default(usual);
}

const access = { kind: 'key', families: ['personal', 'session'], scope: 'api-keys:manage' } as const;

export const ofKey = defineOperation({
  summary: 'Show what a key was used for',
  description:
    'How often it was used, by hour and outcome, why it was refused last, and what is left of its limits. Verifications count with their verdict; so do calls at the door and of this API that were accepted, those that the key was good for and that were refused for something else (`REQUEST_REFUSED`), those that it was not allowed to make, those for which it had ended, was disabled, came from a wrong address or was an environment key at the door, and those that a limit of the door has refused. What a verifier decides from memory is not known here. Kept for 30 days; the last seconds may be missing. Owners and admins see every key of the organization, other members environment keys and their own.',
  access,
  input: z.strictObject({ organizationId: field.id, keyId: field.id, hours: hoursBack(168) }),
  output: z.object({
    key: inventoried,
    hours,
    refusals: z
      .array(
        z.object({
          at: z.string(),
          code: z.enum(verdictCodes),
          message: z.string(),
          missing: z
            .string()
            .nullable()
            .describe('What the key lacks, or has used up: a scope, a resource, a limit'),
          address: z.string().nullable().describe('As far as whoever asked about the key has said it'),
          client: z.string().nullable(),
        }),
      )
      .describe('The last 20, newest first'),
    limits: z.array(
      z.object({
        windowSeconds: z.int(),
        limit: z.int(),
        used: z.int().describe('Where uses are counted `fast`, with what processes have taken ahead'),
        remaining: z.int(),
        resetsAt: z.string().nullable().describe('None where no window has begun'),
      }),
    ),
    budget: z.object({ total: z.int(), used: z.int(), remaining: z.int() }).nullable(),
  }),
  errors: ['ORGANIZATION_NOT_FOUND', 'KEY_NOT_FOUND'],
  example: {
    input: { organizationId: 'V9PtFPEkbsQVrTqaXPO6', keyId: inventoriedExample.keyId },
    output: {
      key: inventoriedExample,
      hours: hoursExample,
      refusals: [
        {
          at: '2026-03-31T14:05:00.000Z',
          code: 'SCOPE_MISSING' satisfies VerdictCode,
          message: 'This key does not have the scope that this needs.',
          missing: 'executions:read',
          address: '203.0.113.9',
          client: null,
        },
      ],
      limits: [
        {
          windowSeconds: 3600,
          limit: 1000,
          used: 118,
          remaining: 882,
          resetsAt: '2026-03-31T15:00:00.000Z',
        },
      ],
      budget: null,
    },
  },
});

export const ofOrganization = defineOperation({
  summary: 'Show what the keys of an organization were used for',
  description:
    'How often all of them were used, by hour and outcome, counted as for a single key. A personal key counts where it was verified. Owners and admins see the uses of every key, other members those of environment keys and of their own.',
  access,
  input: z.strictObject({ organizationId: field.id, hours: hoursBack(24) }),
  output: z.object({ hours }),
  errors: ['ORGANIZATION_NOT_FOUND'],
  example: {
    input: { organizationId: 'V9PtFPEkbsQVrTqaXPO6' },
    output: { hours: hoursExample },
  },
});
