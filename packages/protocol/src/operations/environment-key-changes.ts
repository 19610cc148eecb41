import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { fingerprintOrName, levelErrors, mintedExample, place, placeExample } from './environment-keys.ts';
import { receipt } from './key-shapes.ts';
import { sessionOnly } from './sessions.ts';

export const update = defineOperation({
  summary: 'Rename an environment key, or change its description or level',
  description:
    'At least one of `name`, `description` and `level` must be given; an empty description clears it. For whoever may revoke the key; whoever raises the level must have the new one where the key acts. In force when the answer arrives: nobody accepts the key at its old level any more. Where it acts cannot be changed.',
  access: sessionOnly,
  audit: { action: 'key.update', resource: 'key' },
  input: z.strictObject({
    ...place,
    key: fingerprintOrName,
    name: field.label(1, 100).optional(),
    description: field.description.optional(),
    level: field.level.optional(),
  }),
  output: z.object({
    keyId: z.string(),
    name: z.string(),
    description: z.string(),
    level: field.level,
    fingerprint: z.string(),
    updatedAt: z.string(),
    receipt: receipt.optional(),
  }),
  fieldErrors: { level: levelErrors },
  errors: [
    'INVALID_LEVEL',
    'ORGANIZATION_NOT_FOUND',
    'ENVIRONMENT_KEY_NOT_FOUND',
    'KEY_NAME_AMBIGUOUS',
    'NOT_KEY_MANAGER',
    'LEVEL_ESCALATION',
    'KEY_NOT_ACTIVE',
  ],
  example: {
    input: { ...placeExample, key: 'a3f9...8c2d', name: 'github-actions-deploy', level: 'runner' },
    output: {
      keyId: mintedExample.keyId,
      name: mintedExample.name,
      description: '',
      level: 'runner',
      fingerprint: mintedExample.fingerprint,
      updatedAt: '2026-03-31T14:00:00.000Z',
    },
  },
});

const switched = z.object({
  keyId: z.string(),
  name: z.string(),
  fingerprint: z.string(),
  state: z.enum(['active', 'rotating', 'disabled']),
  receipt: receipt.optional(),
});

const switching = {
  access: { ...sessionOnly, refusal: 'KEY_CANNOT_REVOKE' },
  input: z.strictObject({ ...place, key: fingerprintOrName }),
  output: switched,
  errors: [
    'ORGANIZATION_NOT_FOUND',
    'ENVIRONMENT_KEY_NOT_FOUND',
    'KEY_NAME_AMBIGUOUS',
    'NOT_KEY_MANAGER',
    'KEY_NOT_ACTIVE',
  ],
} as const;

const switchedExample = {
  keyId: mintedExample.keyId,
  name: mintedExample.name,
  fingerprint: mintedExample.fingerprint,
};

export const disable = defineOperation({
  ...switching,
  summary: 'Disable an environment key for a while',
  description:
    'Refused everywhere when the answer arrives, until it is enabled again. Who may revoke it may do this.',
  audit: { action: 'key.disable', resource: 'key' },
  example: {
    input: { ...placeExample, key: 'github-actions-deploy' },
    output: { ...switchedExample, state: 'disabled' },
  },
});

export const enable = defineOperation({
  ...switching,
  summary: 'Enable a disabled environment key',
  description:
    'Takes effect on the next request. Whoever enables a key must have its level where it acts. A key that is being rotated still ends when it was to end.',
  errors: [...switching.errors, 'LEVEL_ESCALATION'],
  audit: { action: 'key.enable', resource: 'key' },
  example: {
    input: { ...placeExample, key: 'github-actions-deploy' },
    output: { ...switchedExample, state: 'active' },
  },
});
