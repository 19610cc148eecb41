import { describeEachEngine, type ServerProcess, startServer } from '@latchkey/testkit';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allowDevice, browserFor, newcomer, signInAndAllow, whoIs } from './person.ts';

const client: oauth.Client = { client_id: 'latchkey-cli' };
const insecure = { [oauth.allowInsecureRequests]: true } as const;

describeEachEngine('oauth4webapi', (open) => {
  let server: ServerProcess;
  let issuer: oauth.AuthorizationServer;

  beforeAll(async () => {
    server = await startServer(await open());
    // As a client that knows the API alone: from the 401 to the resource, from there to the authorization server.
    const refused = await fetch(`${server.baseUrl}/v1/auth/me`);
    const challenge = refused.headers.get('www-authenticate') ?? '';
    const metadata = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '';
    const api = new URL(server.baseUrl);
    const described = await oauth.processResourceDiscoveryResponse(api, await fetch(metadata));
    const at = new URL(described.authorization_servers?.[0] ?? '');
    const found = await oauth.discoveryRequest(at, { algorithm: 'oauth2', ...insecure });
    issuer = await oauth.processDiscoveryResponse(at, found);
  });
  afterAll(() => server.stop());

  it.each([
    'http://127.0.0.1:1/callback',
    'http://[::1]:65535/callback',
  ])('signs in by code over %s', async (redirectUri) => {
    const email = newcomer();
    const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()];
    const url = new URL(issuer.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid latchkey',
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const browser = browserFor(() => server.baseUrl);
    await browser.open(url.href);
    await signInAndAllow(server.baseUrl, browser, email);
    const answer = new URL(browser.leftTo ?? '');
    expect(() => oauth.validateAuthResponse(issuer, client, answer, 'another')).toThrow(/state/);
    const parameters = oauth.validateAuthResponse(issuer, client, answer, state);
    const redeem = () =>
      oauth.authorizationCodeGrantRequest(
        issuer,
        client,
        oauth.None(),
        parameters,
        redirectUri,
        verifier,
        insecure,
      );
    const tokens = await oauth.processAuthorizationCodeResponse(issuer, client, await redeem());
    expect(await whoIs(server.baseUrl, tokens.access_token)).toBe(email);
    const replay = oauth.processAuthorizationCodeResponse(issuer, client, await redeem());
    await expect(replay).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await whoIs(server.baseUrl, tokens.access_token)).toBe(401);
  });

  it('signs in on a device, and is told each time why not yet', async () => {
    const email = newcomer();
    const asked = await oauth.deviceAuthorizationRequest(
      issuer,
      client,
      oauth.None(),
      new URLSearchParams({ scope: 'latchkey' }),
      insecure,
    );
    const device = await oauth.processDeviceAuthorizationResponse(issuer, client, asked);
    const poll = async () => {
      const code = device.device_code;
      const answer = await oauth.deviceCodeGrantRequest(issuer, client, oauth.None(), code, insecure);
      return oauth.processDeviceCodeResponse(issuer, client, answer);
    };
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' });
    await expect(poll()).rejects.toMatchObject({ error: 'slow_down' });
    await allowDevice(server.baseUrl, device.user_code, email);
    const { access_token: token, refresh_token: refreshToken } = await poll();
    expect(await whoIs(server.baseUrl, token)).toBe(email);
    const refresh = async () => {
      const sent = await oauth.refreshTokenGrantRequest(
        issuer,
        client,
        oauth.None(),
        refreshToken ?? '',
        insecure,
      );
      return oauth.processRefreshTokenResponse(issuer, client, sent);
    };
    const { access_token: newer } = await refresh();
    await expect(refresh()).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await whoIs(server.baseUrl, newer)).toBe(401);
  });
});
