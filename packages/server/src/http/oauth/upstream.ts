import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Upstream, UpstreamRefused } from '../../domains/oauth/index.ts';
import { cookieOf, hostOnlyName, setCookie as setCookieOf } from '../cookies.ts';
import { pathOf, type StepDeps, show } from './steps.ts';
import { type OauthServer, type SignIn, type VisitRoute, visitOf } from './visit.ts';

const cookieName = 'latchkey_upstream';
const cookieLifeSeconds = 600;
const callbackPath = '/oauth/upstream/callback';

/**
 * The way to the upstream provider and back. The browser carries a sealed cookie there and back; what the provider
 * says is written to the sign-in that the cookie names, and takes effect only when the person goes on from its page.
 * Whoever could plant the cookie of a sign-in of his own would go on from there as somebody else.
 */
export function registerUpstream(
  app: FastifyInstance,
  deps: StepDeps,
  upstream: Upstream,
  server: OauthServer,
  over: (reply: FastifyReply) => FastifyReply,
): void {
  function setCookie(reply: FastifyReply, value: string, lifeSeconds: number): void {
    const name = hostOnlyName(cookieName, deps.publicUrl());
    setCookieOf(reply, deps.publicUrl(), { name, value, path: '/', lifeSeconds, sameSite: 'Lax' });
  }

  function refusal(request: FastifyRequest, thrown: unknown): string {
    if (!(thrown instanceof UpstreamRefused)) throw thrown;
    // Only what kind of failure it was: the library's errors hold what the provider sent, tokens among it.
    const { name, code } = (thrown.cause ?? thrown) as { name?: string; code?: string };
    request.log.warn({ requestId: request.id, failure: name, code }, 'upstream refused');
    return thrown.text;
  }

  const begin = { config: { operation: 'oauth.interaction.upstream' } };
  app.get<VisitRoute>('/oauth/interaction/:uid/upstream', begin, async (request, reply) => {
    const visit = await visitOf(server, request, reply);
    if (visit === undefined) return over(reply);
    if (visit.interaction.prompt.name !== 'login') return show(deps, visit);
    try {
      const { url, sealed } = await upstream.begin(visit.interaction.uid);
      setCookie(reply, sealed, cookieLifeSeconds);
      return reply.redirect(url, 303);
    } catch (thrown) {
      return show(deps, visit, { problem: refusal(request, thrown), email: '' });
    }
  });

  /** What the provider's answer makes of the sign-in: a person who is vouched for, or a reason why not. */
  async function signInFrom(request: FastifyRequest, sealed: string): Promise<SignIn | { refused: string }> {
    try {
      const answer = new URLSearchParams(request.query as Record<string, string>);
      return { email: await upstream.finish(sealed, answer), vouched: true };
    } catch (thrown) {
      return { refused: refusal(request, thrown) };
    }
  }

  const back = { config: { operation: 'oauth.upstream.callback' } };
  app.get(callbackPath, back, async (request, reply) => {
    const sealed = cookieOf(request, hostOnlyName(cookieName, deps.publicUrl())) ?? '';
    setCookie(reply, '', 0);
    let uid: string;
    try {
      uid = upstream.attemptOf(sealed).uid;
    } catch (thrown) {
      refusal(request, thrown);
      return over(reply);
    }
    const provider = await server();
    const interaction = await provider.Interaction.find(uid);
    if (interaction?.prompt.name !== 'login') return over(reply);
    interaction.result = { signIn: await signInFrom(request, sealed) };
    await interaction.persist();
    return reply.redirect(pathOf(deps, uid), 303);
  });
}
