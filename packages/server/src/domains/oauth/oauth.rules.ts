import { createHmac } from 'node:crypto';
import { dayMs, hourMs, minuteMs, secondMs } from '../../platform/clock.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Limit } from '../limits/index.ts';

/** How long things live, in seconds, as the library counts (docs/decisions/0005-oauth.md). */
export const lifeSeconds = {
  AccessToken: (10 * minuteMs) / secondMs,
  AuthorizationCode: minuteMs / secondMs,
  DeviceCode: (10 * minuteMs) / secondMs,
  /** Until the first refresh token moves it on: a code that nobody redeems leaves no session behind. */
  Grant: (15 * minuteMs) / secondMs,
  IdToken: (10 * minuteMs) / secondMs,
  Interaction: (30 * minuteMs) / secondMs,
  RefreshToken: (30 * dayMs) / secondMs,
  Session: (30 * minuteMs) / secondMs,
};

/** Ended records are kept for a day, so that a late caller is told that it is too late. */
export const keptAfterEndMs = dayMs;

/** RFC 8628: how often a device may ask, and by how much that grows when it asks sooner. */
export const polling = {
  intervalMs: 5 * secondMs,
  stepMs: 5 * secondMs,
  maxIntervalMs: minuteMs,
  /** Two requests of an honest client can arrive this much closer together than they were sent. */
  earlyMs: secondMs,
};

/** The command line; a public client (RFC 8252), so that its name proves nothing and consent is always asked. */
export const cliClientId = 'latchkey-cli';

/** The dashboard: our own pages in a browser. The code of its sign-in is redeemed by the server itself. */
export const dashboardClientId = 'latchkey-dashboard';

/** Where the browser brings that code; below the public URL. */
export const dashboardCallbackPath = '/session/callback';

/** How long somebody stays signed in to the dashboard, whether they use it or not. */
export const dashboardSessionSeconds = (12 * hourMs) / secondMs;

/** The scope that the API asks for. */
export const apiScope = 'latchkey';

/** What a scope lets a client do, in plain words. Every scope that the server knows is here. */
export const scopeMeanings: Readonly<Record<string, string>> = {
  openid: 'See which account on this server is yours',
  email: 'See your email address',
  [apiScope]: 'Manage your organizations, workspaces and keys, as far as your own role allows',
  offline_access: 'Stay signed in until it has not been used for 30 days',
};

/** Wrong user codes from one address: 20 an hour find one of 20^8 codes practically never. */
export function wrongUserCodes(address: string): Limit {
  return { name: `oauth-user-codes ${address}`, limit: 20, windowMs: hourMs };
}

/** Sign-ins begun in browsers of one address, which a whole company may share. */
export function signInRequests(address: string): Limit {
  return { name: `oauth-sign-ins ${address}`, limit: 600, windowMs: hourMs };
}

/** Device logins begun from one address. */
export function deviceRequests(address: string): Limit {
  return { name: `oauth-device-requests ${address}`, limit: 120, windowMs: hourMs };
}

/** The digest under which a token, a code or an id is kept; `kind` keeps one from standing in for another. */
export function digestOf(secrets: Secrets, kind: string, value: string): string {
  return createHmac('sha256', secrets.tokenPepper).update(`${kind}.${value}`).digest('base64url');
}

/** Binds a sealed payload to its row. */
export function sealPurpose(kind: string, digest: string): string {
  return `oauth ${kind} ${digest}`;
}
