import { createHash } from 'node:crypto';
import { LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  apiScope,
  dashboardCallbackPath,
  dashboardClientId,
  dashboardSessionSeconds,
} from '../domains/oauth/index.ts';
import type { Random } from '../platform/random.ts';
import type { Secrets } from '../platform/secrets.ts';
import { ipOf } from './caller.ts';
import { cookieOf, hostOnlyName, setCookie } from './cookies.ts';
import { sendPage } from './oauth/layout.ts';
import { signInPage, signInPath } from './sign-in-page.ts';

/** What signing in to the dashboard works with. */
export interface SessionDeps {
  readonly publicUrl: () => string;
  readonly random: Random;
  readonly secrets: Pick<Secrets, 'seal' | 'unseal'>;
}

/** A sign-in that a browser is in the middle of; sealed in a cookie, so that nobody else can finish it. */
interface Attempt {
  readonly state: string;
  readonly verifier: string;
  /** Where to go on, on this server. */
  readonly to: string;
}

const sessionCookie = 'latchkey_dashboard';
const attemptCookie = 'latchkey_attempt';
const attemptLifeSeconds = 30 * 60;
const sealPurpose = 'dashboard sign-in';

/** The header by which the dashboard shows that a request is its own: another site's page cannot send it unasked. */
export const ownRequestHeader = 'x-latchkey-dashboard';

/**
 * The session of the dashboard that a request belongs to. A cookie alone proves nothing: a browser sends it with what
 * other sites ask for as well.
 */
export function sessionCookieOf(request: FastifyRequest, publicUrl: string): string | undefined {
  const { [ownRequestHeader]: own, 'sec-fetch-site': site = 'same-origin' } = request.headers;
  if (own === undefined || site !== 'same-origin') return undefined;
  return cookieOf(request, hostOnlyName(sessionCookie, publicUrl));
}

/**
 * Whether whoever opens a page is known to have no session. Browsers leave the cookie out where another site leads
 * here, and say so only over TLS or on the machine itself: then nothing is known yet.
 */
export function holdsNoSession(request: FastifyRequest, publicUrl: string): boolean {
  const { 'sec-fetch-site': site } = request.headers;
  if (site !== 'none' && site !== 'same-origin') return false;
  return !cookieOf(request, hostOnlyName(sessionCookie, publicUrl));
}

/** A path of ours, or the start page: not an address that somebody else has put into a link. */
function ownPath(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : '/';
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function setSession(reply: FastifyReply, publicUrl: string, value: string, lifeSeconds: number): void {
  const name = hostOnlyName(sessionCookie, publicUrl);
  setCookie(reply, publicUrl, { name, value, path: '/', lifeSeconds, sameSite: 'Strict' });
}

const endings = new Set<string | undefined>(['sessions.end', 'sessions.endAll']);

/** Only `sessions.end` can name another session than the one that asks. */
function endsOwnSession({ credential, body }: FastifyRequest): boolean {
  const { sessionId: named } = (body ?? {}) as { sessionId?: unknown };
  return named === undefined || named === credential?.principal.sessionId;
}

/** Takes the session out of the browser that has ended it. Call it before the operations are registered. */
export function forgetEndedSessions(
  app: FastifyInstance,
  { publicUrl }: Pick<SessionDeps, 'publicUrl'>,
): void {
  app.addHook('onRoute', (route) => {
    if (!endings.has(route.config?.operation)) return;
    route.onSend = async (request, reply) => {
      if (reply.statusCode !== 200 || !endsOwnSession(request)) return;
      if (sessionCookieOf(request, publicUrl()) !== undefined) setSession(reply, publicUrl(), '', 0);
    };
  });
}

/**
 * Signs people in to the dashboard, by the same pages as every other program (docs/decisions/0012-dashboard.md). The
 * code never reaches a script: this server redeems it, and the browser keeps the token in a cookie.
 */
export function registerSession(app: FastifyInstance, deps: SessionDeps): void {
  const callbackUrl = () => deps.publicUrl() + dashboardCallbackPath;

  function newSecret(): string {
    return Buffer.from(deps.random.bytes(32)).toString('base64url');
  }

  function setAttempt(reply: FastifyReply, value: string, lifeSeconds: number): void {
    const name = hostOnlyName(attemptCookie, deps.publicUrl());
    const cookie = { name, value, path: '/', lifeSeconds, sameSite: 'Lax' } as const;
    setCookie(reply, deps.publicUrl(), cookie);
  }

  function attemptOf(request: FastifyRequest): Attempt | undefined {
    const sealed = cookieOf(request, hostOnlyName(attemptCookie, deps.publicUrl())) ?? '';
    try {
      return JSON.parse(deps.secrets.unseal(sealed, sealPurpose)) as Attempt;
    } catch {
      return undefined;
    }
  }

  async function redeem(request: FastifyRequest, code: string, verifier: string): Promise<string> {
    const answer = await app.inject({
      method: 'POST',
      url: '/oauth/token',
      remoteAddress: ipOf(request),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': request.headers['user-agent'] ?? '',
      },
      payload: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: dashboardClientId,
        redirect_uri: callbackUrl(),
        code,
        code_verifier: verifier,
      }).toString(),
    });
    const { access_token: token } = answer.json<{ access_token?: string }>();
    if (token === undefined)
      throw new LatchkeyError('SESSION_INVALID', { internal: 'the code was not good' });
    return token;
  }

  app.get<{ Querystring: { to?: unknown; unfinished?: unknown } }>(
    signInPath,
    { config: { operation: 'session.signIn' } },
    async ({ query: { to, unfinished } }, reply) =>
      sendPage(reply, signInPage(ownPath(to), unfinished !== undefined)),
  );

  const begin = { config: { operation: 'session.begin' } };
  app.get<{ Querystring: { to?: unknown } }>('/session/begin', begin, async (request, reply) => {
    const [state, verifier] = [newSecret(), newSecret()];
    const attempt: Attempt = { state, verifier, to: ownPath(request.query.to) };
    setAttempt(reply, deps.secrets.seal(JSON.stringify(attempt), sealPurpose), attemptLifeSeconds);
    const parameters = new URLSearchParams({
      client_id: dashboardClientId,
      response_type: 'code',
      redirect_uri: callbackUrl(),
      scope: `openid ${apiScope}`,
      state,
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
    });
    return reply.redirect(`${deps.publicUrl()}/oauth/authorize?${parameters}`, 303);
  });

  const finish = { config: { operation: 'session.finish' } };
  app.get<{ Querystring: Record<string, string | undefined> }>(
    dashboardCallbackPath,
    finish,
    async (request, reply) => {
      const { code, state } = request.query;
      const attempt = attemptOf(request);
      setAttempt(reply, '', 0);
      // Denied, begun elsewhere, or long ago: the page says how to begin again.
      if (attempt === undefined || code === undefined || state !== attempt.state) {
        return reply.redirect(`${deps.publicUrl()}${signInPath}?unfinished=true`, 303);
      }
      const value = await redeem(request, code, attempt.verifier);
      setSession(reply, deps.publicUrl(), value, dashboardSessionSeconds);
      return reply.redirect(deps.publicUrl() + attempt.to, 303);
    },
  );
}
