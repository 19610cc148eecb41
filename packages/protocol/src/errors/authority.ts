import { once } from './entry.ts';

/** Errors of callers who are known and may not. */
export const authorityEntries = {
  SCOPE_MISSING: {
    status: 403,
    message: 'This operation needs the scope {scope}, which this key does not have.',
    nextAction:
      'Use a key with that scope, or have an owner or admin add it with `latchkey organization update-key`.',
    ...once,
  },
  KEY_FAMILY_NOT_ALLOWED: {
    status: 403,
    message: 'A key that starts with {prefix} cannot do this. It needs one of: {accepted}',
    nextAction:
      'Use a key of an accepted family. Personal and admin keys are made by the operator: `latchkey admin create-key`.',
    ...once,
  },
  OAUTH_REQUIRED: {
    status: 403,
    message: 'This needs the session of a signed-in person; a key cannot do it.',
    nextAction: 'Sign in: `latchkey login`.',
    ...once,
  },
  KEY_CANNOT_MINT: {
    status: 403,
    message: 'A key cannot mint another key. Run latchkey login first.',
    nextAction: 'Sign in: `latchkey login`, then repeat the command without the key.',
    ...once,
  },
  KEY_CANNOT_REVOKE: {
    status: 403,
    message: 'Key revocation requires an OAuth session.',
    nextAction: 'Sign in: `latchkey login`, then repeat the command without the key.',
    ...once,
  },
  KEY_SCOPE_INSUFFICIENT: {
    status: 403,
    message: 'This requires {level} scope or higher.',
    nextAction: 'Use a key of that scope, or have one minted: `latchkey key create --scope {level}`.',
    ...once,
  },
  ROLE_REQUIRED: {
    status: 403,
    message: 'Managing the keys of an organization needs the role owner or admin in it.',
    nextAction: 'Ask an owner or admin of the organization.',
    ...once,
  },
  ORGANIZATION_MISMATCH: {
    status: 403,
    message: 'This key belongs to another organization.',
    nextAction: 'Use a key of that organization; `latchkey whoami` shows which one this key belongs to.',
    ...once,
  },
  RESTRICTION_ESCALATION: {
    status: 403,
    message: 'A key cannot give, or take for itself, more than it is bound to: {restrictions}',
    nextAction:
      'Bind the key at least as narrowly, or let a signed-in owner or admin do it: `latchkey login`, then repeat the command without the key.',
    ...once,
  },
  SCOPE_ESCALATION: {
    status: 403,
    message: "A caller cannot grant scopes it doesn't have: {scopes}",
    nextAction: 'Leave those scopes out, or use a key whose holder has them.',
    ...once,
  },
} as const;
