import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Visitor } from '@latchkey/testkit';
import Provider from 'oidc-provider';

/** What the server is registered there with. */
export const credentials = { client_id: 'latchkey', client_secret: 'not-a-secret-but-long-enough-for-it' };

/** What the company says of everybody. */
export interface Claims {
  readonly email?: string;
  readonly email_verified?: boolean;
}

/** Tests only: a second authorization server, on a real socket, where everybody is signed in and says yes. */
export class Company {
  claims: Claims = { email: 'alice@example.com', email_verified: true };
  /** What it answers in place of everything else, when set. */
  instead: RequestListener | undefined;
  /** Whether it answers with the nonce of another sign-in. */
  forgesNonce = false;
  /** Where claims stand that clients asked for. */
  claimsInIdToken = true;
  readonly #server: Server;
  #handler: RequestListener | undefined;
  issuer = '';

  constructor() {
    this.#server = createServer((request, response) => (this.instead ?? this.#handler)?.(request, response));
  }

  async start(redirectUri: string): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const provider = new Provider(this.issuer, {
      clients: [{ ...credentials, redirect_uris: [redirectUri] }],
      pkce: { required: () => true },
      claims: { openid: ['sub'], email: ['email', 'email_verified'] },
      conformIdTokenClaims: !this.claimsInIdToken,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.claims }) }),
    });
    provider.silent = true;
    provider.use(async (ctx, next) => {
      if (this.forgesNonce && ctx.path === '/auth') ctx.query = { ...ctx.query, nonce: 'of-another' };
      if (!ctx.path.startsWith('/interaction/')) return next();
      const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
      if (prompt.name === 'login') {
        return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 'employee-1' } });
      }
      const grant = new provider.Grant({
        accountId: session?.accountId,
        clientId: String(params.client_id),
      });
      grant.addOIDCScope('openid email');
      return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
    });
    const answer = provider.callback();
    this.#handler = (request, response) => void answer(request, response);
  }

  /** A browser at the company. */
  browser(): Visitor {
    return new Visitor(this.issuer, async (method, path, headers) => {
      const answer = await fetch(this.issuer + path, { method, headers, redirect: 'manual' });
      const all = { ...Object.fromEntries(answer.headers), 'set-cookie': answer.headers.getSetCookie() };
      return { status: answer.status, headers: all, body: await answer.text() };
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
