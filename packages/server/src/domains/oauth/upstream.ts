import type { Configuration } from 'openid-client';
import { minuteMs, secondMs } from '../../platform/clock.ts';
import { isLoopbackUrl } from '../../platform/loopback.ts';
import type { OauthDeps, UpstreamSettings } from './deps.ts';

const sealPurpose = 'oauth upstream';
const attemptLifeMs = 10 * minuteMs;
const timeoutSeconds = (10 * secondMs) / secondMs;

/** What is remembered, sealed in a cookie, while a browser is at the upstream provider. */
interface Attempt {
  readonly uid: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly expiresAt: number;
}

/** Why the upstream provider's answer was not accepted; `text` is for the person who signs in. */
export class UpstreamRefused extends Error {
  override readonly name = 'UpstreamRefused';
  readonly text: string;

  constructor(text: string, cause?: unknown) {
    super(text, { cause });
    this.text = text;
  }
}

/** Another OpenID provider that can vouch for a person, in place of the emailed code. */
export interface Upstream {
  /** What the person knows it by. */
  readonly host: string;
  /** Where to send the browser, and what to keep in it until it comes back. Throws `UpstreamRefused`. */
  begin(uid: string): Promise<{ url: string; sealed: string }>;
  /** The sign-in that a returning browser belongs to; throws `UpstreamRefused` when it belongs to none. */
  attemptOf(sealed: string | undefined): { readonly uid: string };
  /** The address of who came back, which the provider says it has verified. Throws `UpstreamRefused`. */
  finish(sealed: string, answer: URLSearchParams): Promise<string>;
}

async function discover({ issuer, clientId, clientSecret }: UpstreamSettings): Promise<Configuration> {
  const client = await import('openid-client');
  const execute = isLoopbackUrl(issuer) ? [client.allowInsecureRequests] : [];
  return client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute,
    timeout: timeoutSeconds,
  });
}

/** The address that the provider says it has verified; one it has not could be anybody's. */
async function verifiedEmail(
  config: Configuration,
  tokens: Awaited<ReturnType<typeof import('openid-client').authorizationCodeGrant>>,
): Promise<string | undefined> {
  const client = await import('openid-client');
  const claims = tokens.claims();
  if (claims === undefined) return undefined;
  const complete = typeof claims.email === 'string' || !config.serverMetadata().userinfo_endpoint;
  const said = complete ? claims : await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  return said.email_verified === true && typeof said.email === 'string' ? said.email : undefined;
}

/** Connects the upstream provider of the settings; it is first contacted when somebody asks for it. */
export function createUpstream(deps: OauthDeps, settings: UpstreamSettings): Upstream {
  const { host } = new URL(settings.issuer);
  let found: Promise<Configuration> | undefined;
  const redirectUri = () => `${deps.publicUrl()}/oauth/upstream/callback`;

  async function configuration(): Promise<Configuration> {
    found ??= discover(settings);
    try {
      return await found;
    } catch (cause) {
      found = undefined;
      throw new UpstreamRefused(`${host} cannot be reached right now. Sign in with an emailed code.`, cause);
    }
  }

  function open(sealed: string | undefined): Attempt {
    try {
      const attempt = JSON.parse(deps.secrets.unseal(sealed ?? '', sealPurpose)) as Attempt;
      if (attempt.expiresAt > deps.clock.now()) return attempt;
    } catch {
      // Not ours, or changed: the same answer as for one that is too old.
    }
    throw new UpstreamRefused('That took too long, or was begun in another browser.');
  }

  return {
    host,
    attemptOf: open,
    async begin(uid) {
      const config = await configuration();
      const client = await import('openid-client');
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri(),
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const attempt: Attempt = { uid, state, nonce, verifier, expiresAt: deps.clock.now() + attemptLifeMs };
      return { url: url.href, sealed: deps.secrets.seal(JSON.stringify(attempt), sealPurpose) };
    },
    async finish(sealed, answer) {
      const { state, nonce, verifier } = open(sealed);
      const config = await configuration();
      const client = await import('openid-client');
      let email: string | undefined;
      try {
        const url = new URL(`${redirectUri()}?${answer}`);
        const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
        const tokens = await client.authorizationCodeGrant(config, url, { ...checks, idTokenExpected: true });
        email = await verifiedEmail(config, tokens);
      } catch (cause) {
        throw new UpstreamRefused(`${host} did not confirm who you are.`, cause);
      }
      if (email === undefined) throw new UpstreamRefused(`${host} has not verified your email address.`);
      return email;
    },
  };
}
