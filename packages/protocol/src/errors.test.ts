import { describe, expect, it } from 'vitest';
import { exampleErrorEnvelope } from './error-examples.ts';
import { type ErrorCode, type ErrorEntry, errors, LatchkeyError } from './errors.ts';
import { commonErrors, errorsOf, keyErrors } from './operation.ts';
import { operations } from './operations/index.ts';

const codes = Object.keys(errors) as ErrorCode[];

/** Answered before any operation is known, or to proxies, who call none: no operation declares them. */
const withoutOperation: readonly ErrorCode[] = ['FORWARD_AUTH_MISCONFIGURED', 'NOT_FOUND'];

describe('the error table', () => {
  it.each(codes)('%s is SHOUTING_CASE with a 4xx or 5xx status and both texts', (code) => {
    const entry: ErrorEntry = errors[code];
    expect(code).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/);
    expect(Number.isInteger(entry.status) && entry.status >= 400 && entry.status <= 599).toBe(true);
    expect(entry.message).toMatch(/\S/);
    expect(entry.nextAction).toMatch(/\S/);
  });

  it('holds no two codes that differ only in case or underscores', () => {
    const folded = codes.map((code) => code.replaceAll('_', '').toLowerCase());
    expect(new Set(folded).size).toBe(codes.length);
  });

  it('calls every 429 that waiting cures retryable, and no other 4xx', () => {
    const retryable = codes.filter((code) => errors[code].retryable && errors[code].status < 500);
    expect(retryable).toEqual([
      'OTP_RESEND_COOLDOWN',
      'EMAIL_RATE_LIMITED',
      'IP_RATE_LIMITED',
      'INVITATION_RATE_LIMITED',
      'RATE_LIMITED',
    ]);
  });

  it('holds only codes that an operation declares, or that come before any operation', () => {
    const declared = new Set(Object.values(operations).flatMap(errorsOf));
    expect(codes.filter((code) => !declared.has(code))).toEqual(withoutOperation);
  });

  it('is shared by common and key errors without repetition', () => {
    const shared = [...commonErrors, ...keyErrors];
    expect(new Set(shared).size).toBe(shared.length);
  });

  it.each(codes)('%s leaves no brace open in its example', (code) => {
    const { message, nextAction } = exampleErrorEnvelope(code).error;
    expect(`${message} ${nextAction}`).not.toMatch(/\{[A-Za-z]+\}/);
  });
});

describe('the statuses of the emailed-code pages', () => {
  it.each([
    ['EMAIL_REQUIRED', 400],
    ['EMAIL_INVALID', 400],
    ['USER_ALREADY_HAS_ORGANIZATION', 409],
    ['OTP_RESEND_COOLDOWN', 429],
    ['EMAIL_RATE_LIMITED', 429],
    ['IP_RATE_LIMITED', 429],
    ['INTERNAL', 500],
    ['OTP_INVALID', 400],
    ['OTP_NOT_FOUND', 404],
    ['OTP_EXPIRED', 410],
    ['OTP_ALREADY_USED', 409],
    ['OTP_PURPOSE_MISMATCH', 409],
    ['OTP_LOCKED_OUT', 429],
    ['COMPANY_NAME_TOO_LONG', 400],
    ['INVALID_EXPIRES_IN_DAYS', 400],
    ['USER_NOT_FOUND', 404],
    ['USER_HAS_NO_ORGANIZATION', 409],
    ['MULTIPLE_ORGANIZATIONS', 409],
    ['ORGANIZATION_NOT_MEMBER', 403],
    ['MAX_API_KEYS_REACHED', 429],
  ] as const)('%s is %i', (code, status) => {
    expect(errors[code].status).toBe(status);
  });

  it('ORGANIZATION_CREATION_FAILED is between 400 and 500', () => {
    expect(errors.ORGANIZATION_CREATION_FAILED.status).toBeLessThanOrEqual(500);
  });

  it('MULTIPLE_ORGANIZATIONS uses the page’s own words', () => {
    expect(new LatchkeyError('MULTIPLE_ORGANIZATIONS')).toMatchObject({
      message: 'Account belongs to multiple organizations. Specify which one to mint a key for.',
      nextAction: 'Re-run `login-complete` with `--organization-id <id>` for the target org.',
    });
  });
});

describe('the texts of the environment-key pages', () => {
  it.each([
    ['KEY_CANNOT_MINT', 403, 'A key cannot mint another key. Run latchkey login first.'],
    ['INVALID_LEVEL', 400, 'Invalid scope. Valid values: admin, developer, runner, read-only'],
    ['LEVEL_ESCALATION', 403, 'Cannot mint a key with greater scope than your own.'],
    ['WORKSPACE_KEY_LIMIT', 409, 'Workspace has 5 active keys. Revoke one before creating another.'],
    ['NOT_AUTHENTICATED', 401, 'Run latchkey login first.'],
    ['WORKSPACE_NOT_FOUND', 404, 'Workspace not found: payments'],
    ['NAME_REQUIRED', 400, 'Name is required.'],
    [
      'ORGANIZATION_KEY_LIMIT',
      409,
      'Tenant has 5 active tenant-wide keys. Revoke one before creating another.',
    ],
    ['ENVIRONMENT_KEY_NOT_FOUND', 404, 'Key not found.'],
    ['CANNOT_ROTATE_REVOKED', 409, 'Cannot rotate a revoked key. Create a new key instead.'],
    ['ALREADY_ROTATING', 409, 'Key is already being rotated.'],
    ['NOT_KEY_MANAGER', 403, "Only a tenant admin or the key's creator can revoke it."],
    ['KEY_CANNOT_REVOKE', 403, 'Key revocation requires an OAuth session.'],
    ['KEY_NAME_AMBIGUOUS', 409, 'Key name is ambiguous. Use a fingerprint.'],
    ['INVALID_SLUG', 400, 'Invalid slug format. Must match ^[a-z0-9][a-z0-9-]{0,62}$'],
    ['SLUG_TAKEN', 409, "Slug 'payments' is already taken in this org."],
    ['KEY_SCOPE_INSUFFICIENT', 403, 'This requires runner scope or higher.'],
  ] as const)('%s is %i with exactly these words', (code, status, message) => {
    expect(errors[code].status).toBe(status);
    expect(exampleErrorEnvelope(code).error.message).toBe(message);
  });
});

describe('LatchkeyError', () => {
  it('fills braces from details and from fill, lists joined by commas', () => {
    const error = new LatchkeyError('INVALID_SCOPE', {
      details: { unknown: ['a', 'b'] },
      fill: { valid: 'c' },
    });
    expect(error.message).toBe('Unknown scope: a, b. Valid scopes: c');
    expect(error.details).toEqual({ unknown: ['a', 'b'] });
  });

  it('fills the next action too', () => {
    const error = new LatchkeyError('OTP_RESEND_COOLDOWN', { details: { retryInSeconds: 17 } });
    expect(error.nextAction).toContain('Wait 17 seconds');
  });

  it('leaves a brace that nothing fills as it is', () => {
    expect(new LatchkeyError('SCOPE_MISSING').message).toContain('{scope}');
  });

  it('does not read braces out of a value', () => {
    const error = new LatchkeyError('INVALID_SCOPE', { details: { unknown: '{valid}', valid: 'x' } });
    expect(error.message).toBe('Unknown scope: {valid}. Valid scopes: x');
  });

  it('keeps what is internal out of everything public', () => {
    const secret = 'the database said no';
    const error = new LatchkeyError('INTERNAL', { internal: secret, cause: new Error(secret) });
    const { message, nextAction, details } = error;
    expect(JSON.stringify({ message, nextAction, details })).not.toContain(secret);
    expect(error.internal).toBe(secret);
    expect(error.cause).toEqual(new Error(secret));
  });

  it('carries code and status of the table', () => {
    expect(new LatchkeyError('OTP_EXPIRED')).toMatchObject({ code: 'OTP_EXPIRED', status: 410 });
  });
});
