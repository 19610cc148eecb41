import { describeEachEngine, type ServerProcess, startServer } from '@latchkey/testkit';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allowDevice, browserFor, newcomer, signInAndAllow, whoIs } from './person.ts';

const redirectUri = 'http://127.0.0.1:53682/callback';
const scope = 'openid email latchkey';
const gateway = { id: 'gateway', secret: 'not-a-secret-but-thirty-two-long' };

describeEachEngine('openid-client', (open) => {
  let server: ServerProcess;
  let config: client.Configuration;

  const discover = (id: string, authentication: client.ClientAuth) =>
    client.discovery(new URL(server.baseUrl), id, undefined, authentication, {
      execute: [client.allowInsecureRequests],
      algorithm: 'oauth2',
    });

  beforeAll(async () => {
    const env = { LATCHKEY_INTROSPECTION_CLIENTS: `${gateway.id}:${gateway.secret}` };
    server = await startServer({ ...(await open()), env });
    config = await discover('latchkey-cli', client.None());
  });
  afterAll(() => server.stop());

  /** Sends somebody to the sign-in page; answers where the page sends the client in the end. */
  async function authorize(email: string, verifier: string, state: string): Promise<URL> {
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const browser = browserFor(() => server.baseUrl);
    await browser.open(url.href);
    await signInAndAllow(server.baseUrl, browser, email);
    return new URL(browser.leftTo ?? '');
  }

  async function signIn(email: string) {
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const answer = await authorize(email, verifier, state);
    return client.authorizationCodeGrant(config, answer, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      idTokenExpected: true,
    });
  }

  it('signs in by code, refreshes, introspects and revokes', async () => {
    const email = newcomer();
    const tokens = await signIn(email);
    expect(tokens.claims()).toMatchObject({ email, email_verified: true, aud: 'latchkey-cli' });
    expect(await whoIs(server.baseUrl, tokens.access_token)).toBe(email);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    expect(await whoIs(server.baseUrl, refreshed.access_token)).toBe(email);
    const asGateway = await discover(gateway.id, client.ClientSecretBasic(gateway.secret));
    const told = await client.tokenIntrospection(asGateway, refreshed.access_token);
    expect(told).toMatchObject({ active: true, sub: tokens.claims()?.sub, scope: 'latchkey' });
    await client.tokenRevocation(config, refreshed.refresh_token ?? '');
    expect(await whoIs(server.baseUrl, refreshed.access_token)).toBe(401);
    expect(await client.tokenIntrospection(asGateway, refreshed.access_token)).toEqual({ active: false });
  });

  it('refuses an answer with the state of another sign-in, and the code stays unused', async () => {
    const [verifier, state] = [client.randomPKCECodeVerifier(), client.randomState()];
    const answer = await authorize(newcomer(), verifier, state);
    const forged = new URL(answer);
    forged.searchParams.set('state', client.randomState());
    const checks = { pkceCodeVerifier: verifier, expectedState: state };
    await expect(client.authorizationCodeGrant(config, forged, checks)).rejects.toMatchObject({
      code: 'OAUTH_INVALID_RESPONSE',
      cause: { message: expect.stringContaining('"state"') },
    });
    const tokens = await client.authorizationCodeGrant(config, answer, checks);
    expect(tokens.expires_in).toBe(600);
  });

  it('signs in on a device at the advertised interval', async () => {
    const email = newcomer();
    const device = await client.initiateDeviceAuthorization(config, { scope });
    const [tokens, page] = await Promise.all([
      client.pollDeviceAuthorizationGrant(config, device),
      allowDevice(server.baseUrl, device.user_code, email),
    ]);
    expect(page.page).toContain('You are signed in');
    expect(await whoIs(server.baseUrl, tokens.access_token)).toBe(email);
  });

  it('is told when the person on the device page denies', async () => {
    const device = await client.initiateDeviceAuthorization(config, { scope });
    const browser = browserFor(() => server.baseUrl);
    await browser.open('/device');
    await browser.submit('/device', { user_code: device.user_code });
    await browser.submit('/device', { abort: 'yes' });
    await expect(client.pollDeviceAuthorizationGrant(config, device)).rejects.toMatchObject({
      error: 'access_denied',
    });
  });
});
