import { createHash, randomBytes } from 'node:crypto';
import type { TestApp } from './test-app.ts';
import { Visitor } from './visitor.ts';

const clientId = 'latchkey-cli';
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every grant
  readonly body: any;
}

/** An authorization code with what redeems it. */
export interface IssuedCode {
  readonly code: string;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly state: string | null;
}

/** Drives the OAuth endpoints of a test app as the command line and its user do. */
export class OauthFlows {
  readonly #app: TestApp;
  readonly redirectUri = 'http://127.0.0.1:49152/callback';

  constructor(app: TestApp) {
    this.#app = app;
  }

  get issuer(): string {
    return this.#app.deps.publicUrl();
  }

  visitor(from?: string): Visitor {
    return new Visitor(this.issuer, async (method, path, headers, body) => {
      const answer = await this.#app.call(path, {
        method,
        headers,
        ...(body !== undefined && { body }),
        ...(from !== undefined && { from }),
      });
      return { ...answer, body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) };
    });
  }

  /** The parameters of an authorization request, with others in their place. */
  authorizeUrl(verifier: string, others: Record<string, string | undefined> = {}): string {
    const parameters: Record<string, string | undefined> = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: this.redirectUri,
      scope: 'openid email latchkey',
      state: 'state-of-the-test',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...others,
    };
    const given = Object.entries(parameters).filter(
      (each): each is [string, string] => each[1] !== undefined,
    );
    return `/oauth/authorize?${new URLSearchParams(given)}`;
  }

  /** Signs in on the page that a visitor is shown, up to the question of consent. */
  async signIn(visitor: Visitor, email: string): Promise<void> {
    await visitor.submit('/email', { email });
    await visitor.submit('/code', { code: this.#app.codeFor(email) });
  }

  /** A whole sign-in with code and PKCE; answers what the client's listener would get. */
  async authorize(email: string, others: Record<string, string | undefined> = {}): Promise<IssuedCode> {
    const verifier = randomBytes(32).toString('base64url');
    const visitor = this.visitor();
    await visitor.open(this.authorizeUrl(verifier, others));
    await this.signIn(visitor, email);
    await visitor.submit('/consent', { decision: 'allow' });
    const answer = new URL(visitor.leftTo ?? '').searchParams;
    const code = answer.get('code');
    if (code === null) throw new Error(`no code: ${visitor.leftTo}`);
    return {
      code,
      verifier,
      redirectUri: others.redirect_uri ?? this.redirectUri,
      state: answer.get('state'),
    };
  }

  async post(path: string, fields: Record<string, string>, headers = {}): Promise<TokenAnswer> {
    return this.#app.call(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  }

  async redeem({ code, verifier, redirectUri }: IssuedCode): Promise<TokenAnswer> {
    return this.post('/oauth/token', {
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    });
  }

  async refresh(refreshToken: string): Promise<TokenAnswer> {
    return this.post('/oauth/token', {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: refreshToken,
    });
  }

  async revoke(token: string): Promise<TokenAnswer> {
    return this.post('/oauth/revoke', { client_id: clientId, token });
  }

  async startDevice(scope = 'openid email latchkey'): Promise<TokenAnswer> {
    return this.post('/oauth/device', { client_id: clientId, scope }, { 'user-agent': 'latchkey test' });
  }

  async poll(deviceCode: string): Promise<TokenAnswer> {
    return this.post('/oauth/token', {
      grant_type: deviceGrant,
      client_id: clientId,
      device_code: deviceCode,
    });
  }

  /** Allows a device as its user does: types the code, says that it is theirs, signs in, consents. */
  async allowDevice(userCode: string, email: string): Promise<Visitor> {
    const visitor = this.visitor();
    await visitor.open('/device');
    await visitor.submit('/device', { user_code: userCode });
    await visitor.submit('/device', { confirm: 'yes' });
    await this.signIn(visitor, email);
    await visitor.submit('/consent', { decision: 'allow' });
    return visitor;
  }
}

const codeCooldownMs = 30_000;

/**
 * Signs a person in as `latchkey login` does and answers an access token, good for 10 minutes. Lets 30 seconds pass
 * first: an address is mailed one code in that time, and signing up has mailed one.
 */
export async function signIn(app: TestApp, email: string): Promise<string> {
  app.clock.advance(codeCooldownMs);
  const flows = new OauthFlows(app);
  const { status, body } = await flows.redeem(await flows.authorize(email));
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.access_token;
}
