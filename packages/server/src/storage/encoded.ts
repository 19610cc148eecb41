import type { RateLimit, Scope } from '@latchkey/protocol';

/** Scopes as they are kept in a row. */
export function encodeScopes(scopes: readonly Scope[]): string {
  return JSON.stringify(scopes);
}

export function decodeScopes(text: string): Scope[] {
  return JSON.parse(text) as Scope[];
}

/** A limit as it is kept in a row. */
export function encodeRateLimit(limit: RateLimit | null): string | null {
  return limit === null ? null : JSON.stringify(limit);
}

export function decodeRateLimit(text: string | null): RateLimit | null {
  return text === null ? null : (JSON.parse(text) as RateLimit);
}
