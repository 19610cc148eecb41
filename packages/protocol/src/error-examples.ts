import type { ErrorEnvelope } from './envelope.ts';
import { type ErrorCode, type ErrorContext, LatchkeyError } from './errors.ts';
import { organizationScopes } from './permissions.ts';

const organizations = [
  { id: 'xwk9CcT440Vupa8soIhY', name: 'Acme' },
  { id: 'b7QmZt10LwEr93KdUyPa', name: 'Beta Corp' },
];
const candidates = [
  {
    fingerprint: 'a3f9...8c2d',
    workspace: 'payments',
    level: 'developer',
    createdAt: '2026-03-30T00:00:00.000Z',
  },
  { fingerprint: 'b7e2...3d91', workspace: null, level: 'runner', createdAt: '2026-01-01T00:00:00.000Z' },
];
const signup = { request: 'signup-request' };

/** One occurrence of each error whose text or `details` depend on the occurrence. Fake values only. */
const occurrences: Partial<Record<ErrorCode, ErrorContext>> = {
  INVALID_REQUEST: { details: { problem: 'name: is missing.' } },
  INVALID_JSON: { fill: { problem: 'a name stands in it twice.' } },
  INVALID_ADDRESS: { details: { addresses: ['10.0.0.0/99'] } },
  IDEMPOTENT_REPLAY: { details: { action: 'key.create', id: '019d312f-0000-7000-8000-000000000000' } },
  SECRET_IN_INPUT: { details: { field: 'description' } },
  FORWARD_AUTH_MISCONFIGURED: { details: { problem: 'organization: is missing.' } },
  KEY_MALFORMED: { fill: { mint: 'latchkey auth login-request --email <email>' } },
  KEY_UNKNOWN: { fill: { mint: 'latchkey auth login-request --email <email>' } },
  KEY_WRONG_PLACE: {
    fill: {
      prefix: 'ck_',
      belongs: 'An instance key belongs in X-API-Key, on the trigger and status paths of its instance.',
    },
  },
  KEY_EXPIRED: { fill: { expiredAt: '2026-01-31T00:00:00.000Z' } },
  KEY_REVOKED: {
    fill: {
      revokedAt: '2026-03-31T14:00:00.000Z',
      another:
        'Ask whoever manages the keys of the organization for another, or sign in and make one: `latchkey login`.',
    },
  },
  KEY_ENVIRONMENT_MISMATCH: { details: { keyEnvironment: 'dev', environment: 'prod' } },
  INVALID_SIGNING_SECRET: {
    details: { problem: 'it starts with "v1,", which belongs to a signature. Take that away.' },
  },
  NO_SIGNING_SECRET: { details: { cause: 'no_secret' } },
  INVALID_SIGNATURE: {
    details: { cause: 'body_reserialised' },
    fill: {
      reason: 'it was made for the same JSON, written differently.',
      advice: 'Send the exact bytes that were signed: sign the text of the body and send that same text.',
    },
  },
  SIGNATURE_EXPIRED: {
    details: { cause: 'clock_off', secondsOff: 340, direction: 'behind', toleranceSeconds: 300 },
    fill: {
      off: 'behind',
      advice: 'Set the clock of the sender, and sign each delivery anew when it is sent.',
    },
  },
  KEY_SCOPE_INSUFFICIENT: { details: { level: 'runner' } },
  SCOPE_MISSING: { details: { scope: 'api-keys:manage' } },
  KEY_FAMILY_NOT_ALLOWED: { fill: { prefix: 'cko_', accepted: 'ckp_, cka_' } },
  RESTRICTION_ESCALATION: { details: { restrictions: ['allowedAddresses', 'budget'] } },
  SCOPE_ESCALATION: { details: { scopes: ['deploy:use-case'] } },
  OTP_RESEND_COOLDOWN: { details: { retryInSeconds: 17 } },
  EMAIL_RATE_LIMITED: { details: { retryInSeconds: 1260 } },
  IP_RATE_LIMITED: { details: { retryInSeconds: 1260 } },
  OTP_INVALID: { details: { attemptsRemaining: 4 } },
  OTP_NOT_FOUND: { fill: signup },
  OTP_EXPIRED: { fill: signup },
  OTP_ALREADY_USED: { fill: signup },
  OTP_PURPOSE_MISMATCH: { fill: { ...signup, purpose: 'login' } },
  OTP_LOCKED_OUT: { fill: signup },
  MULTIPLE_ORGANIZATIONS: { details: { organizations } },
  ORGANIZATION_NOT_MEMBER: { details: { organizations } },
  INVITATION_LIMIT: { details: { limit: 50 } },
  INVITATION_RATE_LIMITED: { details: { retryInSeconds: 1260 } },
  WORKSPACE_NOT_FOUND: { fill: { slug: 'payments' } },
  SLUG_TAKEN: { fill: { slug: 'payments' } },
  WORKSPACE_KEY_LIMIT: { details: { limit: 5 } },
  ORGANIZATION_KEY_LIMIT: { details: { limit: 5 } },
  KEY_NAME_AMBIGUOUS: { details: { candidates } },
  NOT_KEY_MANAGER: { fill: { action: 'revoke' } },
  LOGO_INVALID: { fill: { problem: 'it is larger than 5 MB.' } },
  TARGET_NOT_ALLOWED: { details: { host: '169.254.169.254', problem: 'it is not at a public address.' } },
  INVALID_SCOPE: { details: { unknown: ['deploy:everything'], valid: organizationScopes } },
  MAX_API_KEYS_REACHED: { details: { limit: 20 } },
  KEY_NOT_ACTIVE: { fill: { state: 'revoked' } },
  ROLE_INSUFFICIENT: { details: { scope: 'instances:manage' } },
  INSTANCE_INACTIVE: {
    details: { state: 'paused' },
    fill: { advice: 'Activate it: `latchkey instance activate <processInstanceId>`.' },
  },
  INSTANCE_STATE_UNCHANGED: { details: { state: 'paused' } },
  INVALID_INPUT_SCHEMA: {
    details: { workflowId: 'main', problem: 'properties.email.pattern could take forever to match.' },
  },
  KEY_IN_URL_REFUSED: {
    fill: {
      reason: 'it is switched off for this process instance.',
      advice: 'Send the key as X-API-Key.',
    },
  },
  PAYLOAD_INVALID: { details: { problem: '/orderId: is missing.' } },
  RATE_LIMITED: { details: { retryInSeconds: 17, what: 'key', requests: 100, windowSeconds: 60 } },
  SIGNING_SECRET_LIMIT: { details: { limit: 20 } },
  EXECUTION_NOT_PENDING: { details: { status: 'success' } },
};

/** The body of one answer with this error, filled in as the server does it; for documents and tests. */
export function exampleErrorEnvelope(code: ErrorCode): ErrorEnvelope {
  const { message, nextAction, details } = new LatchkeyError(code, occurrences[code]);
  return {
    success: false,
    error: { code, message, nextAction, ...(details === undefined ? {} : { details }) },
    requestId: '019d312f-0000-7000-8000-000000000001',
  };
}
