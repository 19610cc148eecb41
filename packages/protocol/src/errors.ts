import { authorityEntries } from './errors/authority.ts';
import { credentialEntries } from './errors/credentials.ts';
import { doorEntries } from './errors/door.ts';
import { emailedCodeEntries } from './errors/emailed-codes.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { environmentKeyEntries } from './errors/environment-keys.ts';
import { keyEntries } from './errors/keys.ts';
import { organizationEntries } from './errors/organizations.ts';
import { requestEntries } from './errors/request.ts';
import { signatureEntries } from './errors/signatures.ts';
import { targetEntries } from './errors/targets.ts';
import { workspaceEntries } from './errors/workspaces.ts';

export type { ErrorEntry } from './errors/entry.ts';

/** Every error that the API can answer: one table, written by topic. Free of dependencies. */
export const errors = {
  ...requestEntries,
  ...credentialEntries,
  ...signatureEntries,
  ...authorityEntries,
  ...emailedCodeEntries,
  ...organizationEntries,
  ...workspaceEntries,
  ...environmentKeyEntries,
  ...targetEntries,
  ...keyEntries,
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
