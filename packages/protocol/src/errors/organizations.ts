import { later, once } from './entry.ts';

/** Errors of organizations and their members. */
export const organizationEntries = {
  ORGANIZATION_CREATION_FAILED: {
    status: 500,
    message: 'The organization could not be created. Nothing was kept.',
    nextAction: 'Retry; the code is still valid until it expires. If it goes on, ask the operator.',
    ...later,
  },
  ORGANIZATION_NOT_FOUND: {
    status: 404,
    message: 'There is no organization with this id.',
    nextAction: 'Check the id; `latchkey whoami` shows the organization of a key.',
    ...once,
  },
  MAX_ORGANIZATIONS_REACHED: {
    status: 409,
    message: 'This user already belongs to 50 organizations as owner.',
    nextAction: 'Use one of the existing organizations.',
    ...once,
  },
  ADMIN_REQUIRED: {
    status: 403,
    message: 'This needs the role owner or admin in the organization.',
    nextAction: 'Ask an owner or admin of the organization.',
    ...once,
  },
  ROLE_ESCALATION: {
    status: 403,
    message: 'Nobody can give, change or take a role that is greater than their own.',
    nextAction: 'Ask an owner of the organization.',
    ...once,
  },
  MEMBER_NOT_FOUND: {
    status: 404,
    message: 'There is no such member or invitation in this organization.',
    nextAction: 'List the members of the organization and use the id shown there.',
    ...once,
  },
  ALREADY_MEMBER: {
    status: 409,
    message: 'This person is a member of the organization already.',
    nextAction: 'Change their role instead.',
    ...once,
  },
  LAST_OWNER: {
    status: 409,
    message: 'This is the only owner of the organization.',
    nextAction: 'Make another member an owner first.',
    ...once,
  },
  INVITATION_LIMIT: {
    status: 409,
    message: 'The limit of {limit} pending invitations is reached.',
    nextAction: 'Withdraw an invitation that is no longer needed, then retry.',
    ...once,
  },
  INVITATION_RATE_LIMITED: {
    status: 429,
    message: 'You have sent too many invitations.',
    nextAction: 'Wait {retryInSeconds} seconds, then try again.',
    ...later,
  },
  LOGO_INVALID: {
    status: 400,
    message: 'The logo is not acceptable: {problem}',
    nextAction: 'Send a JPEG, PNG or WebP picture of at most 5 MB.',
    ...once,
  },
  N8N_NOT_AVAILABLE: {
    status: 400,
    message: 'This server cannot connect an organization to n8n.',
    nextAction: 'Create the organization without the n8n fields.',
    ...once,
  },
} as const;
