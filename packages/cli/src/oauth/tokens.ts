import * as oauth from 'oauth4webapi';
import type { Context } from '../command.ts';
import type { Session } from '../config/profile.ts';
import type { Failure } from '../failure.ts';
import { client, clientAuth, findAuthorizationServer } from './authorization-server.ts';
import { SignInProblem } from './problem.ts';

/** What a sign-in brings. */
export type Tokens = Pick<Session, 'accessToken' | 'refreshToken' | 'expiresAt'>;

/** RFC 6749, 5.1 leaves `expires_in` out where it is documented otherwise. */
const assumedLifeSeconds = 60;

/** @throws {SignInProblem} when the server gave no refresh token. */
export function tokensOf(answer: oauth.TokenEndpointResponse, now: Date, previous?: string): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken = previous } = answer;
  if (refreshToken === undefined) {
    throw new SignInProblem('sign-in-refused', 'The server gave no session that lasts.');
  }
  const endsAtMs = now.getTime() + (answer.expires_in ?? assumedLifeSeconds) * 1000;
  return { accessToken, refreshToken, expiresAt: new Date(endsAtMs).toISOString() };
}

/** Redeems a refresh token; it is spent by that, and a new one is among what is answered. */
export async function refresh(context: Context, baseUrl: string, refreshToken: string): Promise<Tokens> {
  const { metadata, options } = await findAuthorizationServer(context, baseUrl);
  const response = await oauth.refreshTokenGrantRequest(
    metadata,
    client,
    clientAuth,
    refreshToken,
    options(),
  );
  const answer = await oauth.processRefreshTokenResponse(metadata, client, response);
  return tokensOf(answer, context.terminal.now(), refreshToken);
}

/** Ends a session at its server. Throws when it cannot be told. */
export async function revoke(context: Context, baseUrl: string, refreshToken: string): Promise<void> {
  const { metadata, options } = await findAuthorizationServer(context, baseUrl);
  const response = await oauth.revocationRequest(metadata, client, clientAuth, refreshToken, options());
  await oauth.processRevocationResponse(response);
}

/** Whether the server says that the session is over; nothing else proves it (contract/culvii.md E.4). */
export function isEnded(error: unknown): boolean {
  return error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant';
}

/** Text of a server, cut down to what an error code can be. */
function word(text: string): string {
  return text.replace(/[^\w.-]+/g, ' ').slice(0, 60);
}

/** What went wrong on the way to a session. Errors that no server or network can cause are thrown on. */
export function failureOf(error: unknown, baseUrl: string): Failure {
  if (error instanceof SignInProblem) {
    const { code, message, nextAction } = error;
    return { success: false, status: 0, error: { code, message, nextAction } };
  }
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    const message = `The server refused: ${word(error.error)}.`;
    return { success: false, status: 0, error: { code: 'sign-in-refused', message } };
  }
  if (
    error instanceof oauth.OperationProcessingError ||
    error instanceof oauth.WWWAuthenticateChallengeError
  ) {
    const message = `The answer of ${baseUrl} is not that of an authorization server.`;
    return { success: false, status: 0, error: { code: 'invalid-response', message } };
  }
  if (!isOfNetwork(error)) throw error;
  const message = `Could not reach ${baseUrl}.`;
  const nextAction = 'Check that the server is running, and the base URL. Nothing was forgotten: try again.';
  return { success: false, status: 0, error: { code: 'network-error', message, nextAction } };
}

/** `fetch` throws a TypeError, also when a body breaks off; a time-out is a DOMException. */
export function isOfNetwork(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}
