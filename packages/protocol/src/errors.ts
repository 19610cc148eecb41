import { doorEntries } from './errors/door.ts';

/**
 * Every error that the API can answer, in one table. Free of dependencies.
 *
 * Words in braces are filled from the error's `details`, which also go over the wire.
 */
export interface ErrorEntry {
  readonly status: number;
  /** What is wrong, for the person who reads it. */
  readonly message: string;
  /** What to do next; shown unchanged by the command line and by agents. */
  readonly nextAction: string;
  /** True when the same request can succeed later without being changed. */
  readonly retryable: boolean;
}

const once = { retryable: false } as const;
const later = { retryable: true } as const;

export const errors = {
  // The request as such
  INVALID_REQUEST: {
    status: 400,
    message: 'The request is not valid: {problem}',
    nextAction: 'Correct the request and send it again. The API reference is served at /docs.',
    ...once,
  },
  INVALID_JSON: {
    status: 400,
    message: 'The request body is not acceptable JSON: {problem}',
    nextAction: 'Send one JSON object, UTF-8, each name once, at most 32 levels deep.',
    ...once,
  },
  SECRET_IN_INPUT: {
    status: 400,
    message: 'The field {field} holds an API key. Nothing was stored.',
    nextAction: 'Send the key in its header only. If others may have seen it, revoke it.',
    ...once,
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'The request body must be sent as application/json.',
    nextAction: 'Set the header Content-Type: application/json.',
    ...once,
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    message: 'The request body is larger than this operation accepts.',
    nextAction: 'Send a smaller body.',
    ...once,
  },
  NOT_FOUND: {
    status: 404,
    message: 'There is no operation at this method and path.',
    nextAction: 'Check the method and the path. The API reference is served at /docs.',
    ...once,
  },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong on the server.',
    nextAction: 'Retry in a few seconds. If it goes on, give the operator the request id.',
    ...later,
  },
  UNAVAILABLE: {
    status: 503,
    message: 'The server cannot answer right now.',
    nextAction: 'Retry in a few seconds.',
    ...later,
  },

  // Who is asking
  UNAUTHORIZED: {
    status: 401,
    message: 'This operation needs an API key, and none was sent.',
    nextAction:
      'Send the key as X-Process-Manager-Key or Authorization: Bearer; an instance key, on trigger and status paths, as X-API-Key. To get a key: `latchkey auth signup-request --email <email>`.',
    ...once,
  },
  CREDENTIALS_CONFLICT: {
    status: 400,
    message: 'The request carries two different credentials.',
    nextAction: 'Send one credential only.',
    ...once,
  },
  KEY_MALFORMED: {
    status: 401,
    message: 'This is not a complete API key: its form or its checksum is wrong.',
    nextAction: 'Copy the key again, whole. If it is lost, mint a new one: `latchkey auth login-request`.',
    ...once,
  },
  KEY_WRONG_PLACE: {
    status: 401,
    message: 'A key that starts with {prefix} is not accepted here. {belongs}',
    nextAction: 'Use an organization key (cko_), a personal key (ckp_) or an admin key (cka_).',
    ...once,
  },
  KEY_UNKNOWN: {
    status: 401,
    message: 'This API key does not exist on this server.',
    nextAction: 'Check the base URL, or mint a new key: `latchkey auth login-request --email <email>`.',
    ...once,
  },
  KEY_EXPIRED: {
    status: 401,
    message: 'This API key expired at {expiredAt}.',
    nextAction: 'Mint a new key: `latchkey auth login-request --email <email>`.',
    ...once,
  },
  KEY_REVOKED: {
    status: 401,
    message: 'This API key was revoked at {revokedAt}.',
    nextAction: 'Mint a new key: `{mint}`.',
    ...once,
  },
  NOT_AUTHENTICATED: {
    status: 401,
    message: 'Run latchkey login first.',
    nextAction: 'Sign in: `latchkey login`. An environment key goes in x-api-key or Authorization: Bearer.',
    ...once,
  },
  SESSION_INVALID: {
    status: 401,
    message: 'This session does not exist or has ended.',
    nextAction: 'Sign in again: `latchkey login`.',
    ...once,
  },
  KEY_INVALID: {
    status: 401,
    message: 'This is not a valid environment key.',
    nextAction:
      'Copy the key again, whole. If it is lost, mint a new one: `latchkey key create --name <name>`.',
    ...once,
  },
  KEY_ENVIRONMENT_MISMATCH: {
    status: 401,
    message: 'This key belongs to the environment {keyEnvironment}, and this is {environment}.',
    nextAction: 'Use a key of this environment, or call the environment that the key belongs to.',
    ...once,
  },

  // Webhook signatures
  INVALID_SIGNING_SECRET: {
    status: 400,
    message: 'This is not a usable signing secret: {problem}',
    nextAction:
      'Copy the signing secret again from the settings of the sender, whole and with nothing around it.',
    ...once,
  },
  NO_SIGNING_SECRET: {
    status: 401,
    message: 'The request is signed, but no signing secret is stored for this workflow.',
    nextAction: "Add the sender's signing secret to this workflow, then have the sender deliver again.",
    ...once,
  },
  INVALID_SIGNATURE: {
    status: 401,
    message: 'The signature of the request was not accepted: {reason}',
    nextAction: '{advice}',
    ...once,
  },
  SIGNATURE_EXPIRED: {
    status: 401,
    message: 'The signature is right, but its timestamp is {secondsOff} seconds {direction} this server.',
    nextAction: '{advice}',
    ...once,
  },

  // May they
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
  SCOPE_ESCALATION: {
    status: 403,
    message: "A caller cannot grant scopes it doesn't have: {scopes}",
    nextAction: 'Leave those scopes out, or use a key whose holder has them.',
    ...once,
  },

  // Emailed codes
  EMAIL_REQUIRED: {
    status: 400,
    message: 'An email address is required.',
    nextAction: 'Give the address: `--email <email>`.',
    ...once,
  },
  EMAIL_INVALID: {
    status: 400,
    message: 'This is not a valid email address.',
    nextAction: 'Correct the address given with `--email`.',
    ...once,
  },
  USER_ALREADY_HAS_ORGANIZATION: {
    status: 409,
    message: 'This email address already has an organization.',
    nextAction: 'Log in instead: `latchkey auth login-request --email <email>`.',
    ...once,
  },
  USER_NOT_FOUND: {
    status: 404,
    message: 'There is no account for this email address.',
    nextAction: 'Sign up instead: `latchkey auth signup-request --email <email>`.',
    ...once,
  },
  USER_HAS_NO_ORGANIZATION: {
    status: 409,
    message: 'This account does not belong to any organization.',
    nextAction: 'Sign up to create one: `latchkey auth signup-request --email <email>`.',
    ...once,
  },
  OTP_RESEND_COOLDOWN: {
    status: 429,
    message: 'A code was requested for this email address less than 30 seconds ago.',
    nextAction: 'Wait {retryInSeconds} seconds, then request a new code. The code already sent still works.',
    ...later,
  },
  EMAIL_RATE_LIMITED: {
    status: 429,
    message: 'There were too many requests for this email address.',
    nextAction: 'Wait {retryInSeconds} seconds, then try again.',
    ...later,
  },
  IP_RATE_LIMITED: {
    status: 429,
    message: 'There were too many requests from this network address.',
    nextAction: 'Wait {retryInSeconds} seconds, then try again.',
    ...later,
  },
  OTP_INVALID: {
    status: 400,
    message: 'The code is wrong.',
    nextAction: 'Read the 6-digit code in the newest email again and retry.',
    ...once,
  },
  OTP_NOT_FOUND: {
    status: 404,
    message: 'No code is pending for this email address.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_EXPIRED: {
    status: 410,
    message: 'The code is older than 10 minutes.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_ALREADY_USED: {
    status: 409,
    message: 'The code has already been used.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_PURPOSE_MISMATCH: {
    status: 409,
    message: 'The pending code was requested for a {purpose}, not for this.',
    nextAction: 'Complete the {purpose}, or request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  OTP_LOCKED_OUT: {
    status: 429,
    message: 'There were 5 wrong attempts. The code has been deleted.',
    nextAction: 'Request a new code: `latchkey auth {request} --email <email>`.',
    ...once,
  },
  COMPANY_NAME_TOO_LONG: {
    status: 400,
    message: 'The organization name is longer than 100 characters.',
    nextAction: 'Shorten `--company` to at most 100 characters and retry with the same code.',
    ...once,
  },
  MULTIPLE_ORGANIZATIONS: {
    status: 409,
    message: 'Account belongs to multiple organizations. Specify which one to mint a key for.',
    nextAction: 'Re-run `login-complete` with `--organization-id <id>` for the target org.',
    ...once,
  },
  ORGANIZATION_NOT_MEMBER: {
    status: 403,
    message: 'This account is not a member of that organization.',
    nextAction:
      'Pick one of `details.organizations` and re-run `login-complete` with `--organization-id <id>`.',
    ...once,
  },

  // Organizations
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

  // Workspaces
  WORKSPACE_NOT_FOUND: {
    status: 404,
    message: 'Workspace not found: {slug}',
    nextAction: 'List the workspaces of this environment: `latchkey workspace list`.',
    ...once,
  },
  INVALID_SLUG: {
    status: 400,
    message: 'Invalid slug format. Must match ^[a-z0-9][a-z0-9-]{0,62}$',
    nextAction: 'Use up to 63 lower-case letters, digits and hyphens, a letter or digit first.',
    ...once,
  },
  SLUG_TAKEN: {
    status: 409,
    message: "Slug '{slug}' is already taken in this org.",
    nextAction: 'Choose another slug, or use the workspace that has it.',
    ...once,
  },

  // Environment keys
  NAME_REQUIRED: {
    status: 400,
    message: 'Name is required.',
    nextAction: 'Give a name that is not empty: `--name <name>`.',
    ...once,
  },
  INVALID_LEVEL: {
    status: 400,
    message: 'Invalid scope. Valid values: admin, developer, runner, read-only',
    nextAction: 'Give one of these, as written here.',
    ...once,
  },
  LEVEL_ESCALATION: {
    status: 403,
    message: 'Cannot mint a key with greater scope than your own.',
    nextAction: 'Ask for a lower scope, or have an owner or admin mint the key.',
    ...once,
  },
  WORKSPACE_KEY_LIMIT: {
    status: 409,
    message: 'Workspace has {limit} active keys. Revoke one before creating another.',
    nextAction: 'List the keys and revoke one: `latchkey key list`, `latchkey key revoke <fingerprint>`.',
    ...once,
  },
  ORGANIZATION_KEY_LIMIT: {
    status: 409,
    message: 'Tenant has {limit} active tenant-wide keys. Revoke one before creating another.',
    nextAction: 'List the keys and revoke one: `latchkey key list`, `latchkey key revoke <fingerprint>`.',
    ...once,
  },
  ENVIRONMENT_KEY_NOT_FOUND: {
    status: 404,
    message: 'Key not found.',
    nextAction: 'List the keys of this environment: `latchkey key list`.',
    ...once,
  },
  KEY_NAME_AMBIGUOUS: {
    status: 409,
    message: 'Key name is ambiguous. Use a fingerprint.',
    nextAction: 'Pick one of the fingerprints in `details.candidates`.',
    ...once,
  },
  NOT_KEY_MANAGER: {
    status: 403,
    message: "Only a tenant admin or the key's creator can {action} it.",
    nextAction: 'Ask an owner or admin of the organization, or whoever created the key.',
    ...once,
  },
  CANNOT_ROTATE_REVOKED: {
    status: 409,
    message: 'Cannot rotate a revoked key. Create a new key instead.',
    nextAction: 'Create a new key: `latchkey key create --name <name>`.',
    ...once,
  },
  ALREADY_ROTATING: {
    status: 409,
    message: 'Key is already being rotated.',
    nextAction: 'Wait until the old key has ended, or revoke it, then rotate again.',
    ...once,
  },

  // Targets
  TARGET_NOT_ALLOWED: {
    status: 400,
    message: 'This target is not allowed: {problem}',
    nextAction:
      'Give the URL of a public host. For one in your own network, the operator lists it in LATCHKEY_ALLOWED_TARGETS.',
    ...once,
  },

  // Keys
  INVALID_SCOPE: {
    status: 400,
    message: 'Unknown scope: {unknown}. Valid scopes: {valid}',
    nextAction: 'Use valid scopes only. Nothing was changed.',
    ...once,
  },
  INVALID_EXPIRES_IN_DAYS: {
    status: 400,
    message: 'The expiry must be a whole number of days from 1 to 365.',
    nextAction: 'Give 1 to 365 days, or leave the expiry out for a key that does not expire.',
    ...once,
  },
  MAX_API_KEYS_REACHED: {
    status: 429,
    message: 'The limit of {limit} active keys is reached.',
    nextAction:
      'Revoke a key that is no longer needed (`latchkey organization list-keys`, `latchkey organization revoke-key`), then retry.',
    ...once,
  },
  KEY_NOT_FOUND: {
    status: 404,
    message: 'There is no key with this id.',
    nextAction: 'List the keys: `latchkey organization list-keys --organization-id <id>`.',
    ...once,
  },
  KEY_NOT_ACTIVE: {
    status: 400,
    message: 'This key is {state} and can no longer be changed.',
    nextAction: 'Create a new key: `latchkey organization create-key`.',
    ...once,
  },
  ...doorEntries,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** Public facts about one occurrence; they go over the wire and fill the message's braces. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface ErrorContext {
  readonly details?: ErrorDetails;
  /** Facts that fill braces but are not sent as `details`. */
  readonly fill?: Readonly<Record<string, string | number>>;
  /** For the log only; never sent. */
  readonly internal?: string;
  readonly cause?: unknown;
}

function fillBraces(template: string, values: ErrorDetails): string {
  return template.replace(/\{([A-Za-z]+)\}/g, (brace, name: string) => {
    const value = values[name];
    if (value === undefined) return brace;
    return Array.isArray(value) ? value.join(', ') : String(value);
  });
}

/**
 * The one error that domains throw. `message` and `nextAction` are public; `internal` and `cause` reach the
 * log only. Anything else that is thrown becomes `INTERNAL` with nothing inside.
 */
export class LatchkeyError extends Error {
  override readonly name = 'LatchkeyError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly nextAction: string;
  readonly details: ErrorDetails | undefined;
  readonly internal: string | undefined;

  constructor(code: ErrorCode, context: ErrorContext = {}) {
    const entry: ErrorEntry = errors[code];
    const values = { ...context.details, ...context.fill };
    super(fillBraces(entry.message, values), { cause: context.cause });
    this.code = code;
    this.status = entry.status;
    this.nextAction = fillBraces(entry.nextAction, values);
    this.details = context.details;
    this.internal = context.internal;
  }
}
