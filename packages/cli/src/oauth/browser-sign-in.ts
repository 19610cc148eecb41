import * as oauth from 'oauth4webapi';
import type { Context } from '../command.ts';
import {
  type AuthorizationServer,
  client,
  clientAuth,
  findAuthorizationServer,
  scope,
} from './authorization-server.ts';
import { listenForCallback, type Verdict } from './callback-listener.ts';
import { accessDenied, SignInProblem, timedOut } from './problem.ts';
import { type Tokens, tokensOf } from './tokens.ts';

const patienceMs = 5 * 60 * 1000;

/** What this sign-in alone knows, beside the server. */
interface Secrets {
  readonly state: string;
  readonly verifier: string;
}

type Answer = 'forged' | 'denied' | URLSearchParams;

/** Compares without telling by its duration how much is right. */
async function comparerWith(expected: string): Promise<(given: string) => boolean> {
  const { hash, timingSafeEqual } = await import('node:crypto');
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return (given) => timingSafeEqual(digest(given), digest(expected));
}

/** `state` comes before everything else, so that a forged answer says nothing (contract/culvii.md E.2). */
function judge(parameters: URLSearchParams, isState: (given: string) => boolean): Verdict<Answer> {
  if (!isState(parameters.get('state') ?? '')) {
    const page = 'This answer does not belong to the sign-in that was begun. Go back to your terminal.';
    return { result: 'forged', isFine: false, page };
  }
  if (parameters.get('error') === 'access_denied') {
    return { result: 'denied', isFine: true, page: 'Access denied. You can close this page.' };
  }
  const page = 'You can close this page and go back to your terminal.';
  return { result: parameters, isFine: true, page };
}

async function authorizationUrl(
  { metadata }: AuthorizationServer,
  { state, verifier }: Secrets,
  redirectUri: string,
): Promise<string> {
  const url = new URL(metadata.authorization_endpoint ?? '');
  url.search = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  return url.href;
}

/** What the browser brings back within five minutes; `undefined` when it brings nothing. */
async function answerInTime({ terminal }: Context, answered: Promise<Answer>): Promise<Answer | undefined> {
  const calledOff = new AbortController();
  const tooLate = terminal.wait(patienceMs, calledOff.signal).catch(() => undefined);
  try {
    return (await Promise.race([answered, tooLate])) ?? undefined;
  } finally {
    calledOff.abort();
  }
}

async function askInBrowser(
  context: Context,
  server: AuthorizationServer,
  secrets: Secrets,
): Promise<{ parameters: URLSearchParams; redirectUri: string }> {
  const isState = await comparerWith(secrets.state);
  using listener = await listenForCallback((parameters) => judge(parameters, isState));
  const { redirectUri, answered } = listener;
  const url = await authorizationUrl(server, secrets, redirectUri);
  context.terminal.err.line(`Signing in with your browser. If it does not open, go to:\n  ${url}`);
  await context.terminal.openBrowser(url);
  const answer = await answerInTime(context, answered);
  if (answer === undefined) throw timedOut();
  if (answer === 'denied') throw accessDenied();
  if (answer === 'forged') {
    throw new SignInProblem('state-mismatch', 'Authentication response mismatch. Possible CSRF — aborting.');
  }
  return { parameters: answer, redirectUri };
}

/**
 * Signs a person in with the browser of this machine: Authorization Code with PKCE over a loopback listener (RFC 8252;
 * contract/culvii.md E).
 *
 * @throws {SignInProblem} when they do not get there; whatever the library throws when the server refuses.
 */
export async function signInWithBrowser(context: Context, baseUrl: string): Promise<Tokens> {
  const server = await findAuthorizationServer(context, baseUrl);
  const { metadata, options } = server;
  const secrets = { state: oauth.generateRandomState(), verifier: oauth.generateRandomCodeVerifier() };
  const { parameters, redirectUri } = await askInBrowser(context, server, secrets);
  const checked = oauth.validateAuthResponse(metadata, client, parameters, secrets.state);
  const response = await oauth.authorizationCodeGrantRequest(
    metadata,
    client,
    clientAuth,
    checked,
    redirectUri,
    secrets.verifier,
    options(),
  );
  const answer = await oauth.processAuthorizationCodeResponse(metadata, client, response);
  return tokensOf(answer, context.terminal.now());
}
