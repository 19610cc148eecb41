import type { KeyBudget, KeyLimit, RateLimit, Scope } from '@latchkey/protocol';

/** Scopes as they are kept in a row. */
export function encodeScopes(scopes: readonly Scope[]): string {
  return JSON.stringify(scopes);
}

export function decodeScopes(text: string): Scope[] {
  return JSON.parse(text) as Scope[];
}

/** A limit, or another value of the wire, as it is kept in a row. */
function encodeOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function decodeOrNull<Value>(text: string | null): Value | null {
  return text === null ? null : (JSON.parse(text) as Value);
}

export const encodeRateLimit: (limit: RateLimit | null) => string | null = encodeOrNull;
export const decodeRateLimit: (text: string | null) => RateLimit | null = decodeOrNull;

/** What a key is bound to; `null` = to nothing. */
export interface Restrictions {
  readonly allowedAddresses: readonly string[] | null;
  readonly resources: readonly string[] | null;
  readonly limits: readonly KeyLimit[] | null;
  readonly budget: KeyBudget | null;
}

/** The columns of `api_keys` that hold them. */
export interface RestrictionColumns {
  readonly allowed_addresses: string | null;
  readonly resources: string | null;
  readonly limits: string | null;
  readonly budget: string | null;
}

export function encodeRestrictions(restrictions: Restrictions): RestrictionColumns {
  return {
    allowed_addresses: encodeOrNull(restrictions.allowedAddresses),
    resources: encodeOrNull(restrictions.resources),
    limits: encodeOrNull(restrictions.limits),
    budget: encodeOrNull(restrictions.budget),
  };
}

export function decodeRestrictions(row: RestrictionColumns): Restrictions {
  return {
    allowedAddresses: decodeOrNull(row.allowed_addresses),
    resources: decodeOrNull(row.resources),
    limits: decodeOrNull(row.limits),
    budget: decodeOrNull(row.budget),
  };
}
