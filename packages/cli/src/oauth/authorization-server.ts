import * as oauth from 'oauth4webapi';
import type { Context } from '../command.ts';
import { isLoopbackUrl } from '../server-address.ts';
import { SignInProblem } from './problem.ts';

const timeoutMs = 15_000;

/** A public client: its name proves nothing, so it has no secret (RFC 8252, 8.4). */
export const client: oauth.Client = { client_id: 'latchkey-cli' };
export const clientAuth: oauth.ClientAuth = oauth.None();

/** What the command asks to be allowed: the API, and nothing about the person besides. */
export const scope = 'latchkey';

type Body = URLSearchParams | undefined;

/** The authorization server of a base URL, and how to send requests to it. */
export interface AuthorizationServer {
  readonly metadata: oauth.AuthorizationServer;
  options(): ReturnType<ReturnType<typeof requestOptions>>;
}

/** Tokens travel encrypted, or not at all beyond this machine (RFC 6749, 1.6; RFC 8252, 8.3). */
function checkTransport(url: URL): void {
  if (url.protocol === 'https:' || isLoopbackUrl(url)) return;
  throw new SignInProblem(
    'insecure-server',
    `${url.origin} is not encrypted, and a session must not travel that way.`,
    'Give the https address of the server: --base-url https://… A key can be saved with `latchkey login --api-key -`.',
  );
}

function requestOptions({ fetch, version }: Context, url: URL) {
  return () => ({
    [oauth.customFetch]: (address: string, { body, ...init }: oauth.CustomFetchOptions<string, Body>) =>
      fetch(address, { ...init, ...(body !== undefined && { body }) }),
    [oauth.allowInsecureRequests]: url.protocol === 'http:',
    headers: { 'User-Agent': `latchkey/${version}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
}

/** A server that is known under another name would send the browser, and in the end the code, there. */
async function checkIssuer(response: Response, baseUrl: string): Promise<void> {
  const { issuer } = (await response.json().catch(() => ({}))) as { issuer?: unknown };
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) return;
  if (issuer === baseUrl || issuer === `${baseUrl}/`) return;
  throw new SignInProblem(
    'other-server-name',
    `The server at ${baseUrl} calls itself ${new URL(issuer).href}.`,
    `Use that name: --base-url ${new URL(issuer).href}. The operator sets it with LATCHKEY_PUBLIC_URL.`,
  );
}

/**
 * Asks a server for its OAuth endpoints (RFC 8414).
 *
 * @throws {SignInProblem} when it is not encrypted or calls itself otherwise; whatever the library throws.
 */
export async function findAuthorizationServer(
  context: Context,
  baseUrl: string,
): Promise<AuthorizationServer> {
  const issuer = new URL(baseUrl);
  checkTransport(issuer);
  const options = requestOptions(context, issuer);
  const response = await oauth.discoveryRequest(issuer, { ...options(), algorithm: 'oidc' });
  await checkIssuer(response.clone(), baseUrl);
  return { metadata: await oauth.processDiscoveryResponse(issuer, response), options };
}
