import * as oauth from 'oauth4webapi';
import type { Context } from '../command.ts';
import { clean } from '../output.ts';
import {
  type AuthorizationServer,
  client,
  clientAuth,
  findAuthorizationServer,
  scope,
} from './authorization-server.ts';
import { accessDenied, timedOut } from './problem.ts';
import { isOfNetwork, type Tokens, tokensOf } from './tokens.ts';

/** RFC 8628, 3.2 and 3.5. */
const assumedIntervalSeconds = 5;
const stepSeconds = 5;

/** What the server answers while it has no tokens: whether to go on, and how much slower. */
function slowerBySeconds(error: unknown, intervalSeconds: number): number {
  // RFC 8628, 3.5: a client that gets no answer backs off exponentially.
  if (isOfNetwork(error)) return intervalSeconds;
  if (!(error instanceof oauth.ResponseBodyError)) throw error;
  if (error.error === 'authorization_pending') return 0;
  if (error.error === 'slow_down') return stepSeconds;
  if (error.error === 'expired_token') throw timedOut();
  if (error.error === 'access_denied') throw accessDenied();
  throw error;
}

async function redeem(
  { metadata, options }: AuthorizationServer,
  deviceCode: string,
): Promise<oauth.TokenEndpointResponse> {
  const response = await oauth.deviceCodeGrantRequest(metadata, client, clientAuth, deviceCode, options());
  return oauth.processDeviceCodeResponse(metadata, client, response);
}

async function untilDecided(
  { terminal }: Context,
  server: AuthorizationServer,
  device: oauth.DeviceAuthorizationResponse,
): Promise<Tokens> {
  const endsAtMs = terminal.now().getTime() + device.expires_in * 1000;
  let intervalSeconds = device.interval ?? assumedIntervalSeconds;
  for (;;) {
    await terminal.wait(intervalSeconds * 1000);
    if (terminal.now().getTime() >= endsAtMs) throw timedOut();
    try {
      return tokensOf(await redeem(server, device.device_code), terminal.now());
    } catch (error) {
      intervalSeconds += slowerBySeconds(error, intervalSeconds);
    }
  }
}

/**
 * Signs a person in with the browser of any other machine, where they type a code that is shown here (RFC 8628).
 *
 * @throws {SignInProblem} when they do not get there; whatever the library throws when the server refuses.
 */
export async function signInWithDevice(context: Context, baseUrl: string): Promise<Tokens> {
  const server = await findAuthorizationServer(context, baseUrl);
  const { metadata, options } = server;
  const response = await oauth.deviceAuthorizationRequest(metadata, client, clientAuth, { scope }, options());
  const device = await oauth.processDeviceAuthorizationResponse(metadata, client, response);
  const minutes = Math.round(device.expires_in / 60);
  context.terminal.err.line(
    `In any browser, open ${clean(device.verification_uri)}\nand enter the code:  ${clean(device.user_code)}  (within ${minutes} minutes)`,
  );
  return untilDecided(context, server, device);
}
