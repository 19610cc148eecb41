/** What is left of a limit, as a caller is told it. */
export interface LimitLeft {
  /** What is limited, of letters only: `key`. */
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/**
 * The headers `RateLimit-Policy` and `RateLimit` of the IETF draft "RateLimit header fields for HTTP", one member for each
 * limit; none where there is no limit. Free of dependencies: the server and every middleware write them by this.
 */
export function rateLimitHeaders(limits: readonly LimitLeft[]): Readonly<Record<string, string>> {
  if (limits.length === 0) return {};
  const policies = limits.map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`);
  const left = limits.map(
    ({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`,
  );
  return { 'ratelimit-policy': policies.join(', '), ratelimit: left.join(', ') };
}
