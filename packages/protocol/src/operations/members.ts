import { z } from 'zod';
import * as field from '../fields.ts';
import { defineOperation } from '../operation.ts';
import { roles } from '../permissions.ts';
import { sessionOnly } from './sessions.ts';

const memberId = field.id.describe('`memberId` of the list: of a member, or of a pending invitation');
const role = z.enum(roles);
const managementErrors = ['ORGANIZATION_NOT_FOUND', 'ADMIN_REQUIRED', 'ROLE_ESCALATION'] as const;

const member = z.object({
  memberId: z.string(),
  email: z.string(),
  role,
  since: z.string(),
});
const invitation = z.object({
  memberId: z.string(),
  email: z.string(),
  role,
  invitedBy: z.string().nullable().describe('Email address'),
  invitedAt: z.string(),
});

const invitationExample = {
  memberId: '019d312f-0000-7000-8000-000000000002',
  email: 'bob@example.com',
  role: 'developer',
  invitedBy: 'ann@example.com',
  invitedAt: '2026-03-30T00:00:00.000Z',
} as const;

export const list = defineOperation({
  summary: 'List the members of an organization',
  description: 'Oldest first. Pending invitations are shown to owners and admins only.',
  access: sessionOnly,
  input: z.strictObject({ organizationId: field.id }),
  output: z.object({ members: z.array(member), invitations: z.array(invitation) }),
  errors: ['ORGANIZATION_NOT_FOUND'],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY' },
    output: {
      members: [
        {
          memberId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
          email: 'ann@example.com',
          role: 'owner',
          since: '2026-03-30T00:00:00.000Z',
        },
      ],
      invitations: [invitationExample],
    },
  },
});

export const invite = defineOperation({
  summary: 'Invite a person by email',
  description:
    'Mails the invitation. The person becomes a member when they prove the address: by logging in to this organization, by logging in with an emailed code while they belong to none, or by saying so where they sign in. Inviting an address again changes the role and mails again. At most 50 invitations are pending.',
  access: sessionOnly,
  audit: { action: 'member.invite', resource: 'member' },
  input: z.strictObject({ organizationId: field.id, email: field.email, role: role.default('developer') }),
  output: invitation,
  fieldErrors: { email: { missing: 'EMAIL_REQUIRED', invalid: 'EMAIL_INVALID' } },
  errors: [
    ...managementErrors,
    'EMAIL_REQUIRED',
    'EMAIL_INVALID',
    'ALREADY_MEMBER',
    'INVITATION_LIMIT',
    'INVITATION_RATE_LIMITED',
    'EMAIL_RATE_LIMITED',
  ],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY', email: 'bob@example.com', role: 'developer' },
    output: invitationExample,
  },
});

export const changeRole = defineOperation({
  summary: 'Change the role of a member',
  description: 'Takes effect on the next request. Keys that the member has minted keep what they have.',
  access: sessionOnly,
  audit: { action: 'member.change_role', resource: 'member' },
  input: z.strictObject({ organizationId: field.id, memberId, role }),
  output: member,
  errors: [...managementErrors, 'MEMBER_NOT_FOUND', 'LAST_OWNER'],
  example: {
    input: {
      organizationId: 'xwk9CcT440Vupa8soIhY',
      memberId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
      role: 'admin',
    },
    output: {
      memberId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9',
      email: 'bob@example.com',
      role: 'admin',
      since: '2026-03-30T00:00:00.000Z',
    },
  },
});

export const remove = defineOperation({
  summary: 'Remove a member, or withdraw an invitation',
  description:
    'Everybody may leave. No key is changed: keys that the member has minted stay valid until they are revoked.',
  access: sessionOnly,
  audit: { action: 'member.remove', resource: 'member' },
  input: z.strictObject({ organizationId: field.id, memberId }),
  output: z.object({ memberId: z.string(), email: z.string() }),
  errors: [...managementErrors, 'MEMBER_NOT_FOUND', 'LAST_OWNER'],
  example: {
    input: { organizationId: 'xwk9CcT440Vupa8soIhY', memberId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9' },
    output: { memberId: '0aB1cD2eF3gH4iJ5kL6mN7oP8qR9', email: 'bob@example.com' },
  },
});
