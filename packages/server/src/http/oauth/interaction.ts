import type { FastifyInstance, FastifyReply } from 'fastify';
import { createUpstream } from '../../domains/oauth/index.ts';
import { toLatchkeyError } from '../answers.ts';
import { acceptForms, isFormToken } from './forms.ts';
import { html } from './html.ts';
import { page, sendPage } from './layout.ts';
import { basePathOf } from './mount.ts';
import { problemText } from './problem-texts.ts';
import { type StepDeps, show, steps } from './steps.ts';
import { registerUpstream } from './upstream.ts';
import { type OauthServer, type VisitRoute, visitOf } from './visit.ts';

const path = '/oauth/interaction/:uid';

/** Registers the pages on which a person signs in and allows or denies. Nothing is done by a GET. */
export async function registerInteractions(
  app: FastifyInstance,
  given: Omit<StepDeps, 'upstreamProvider'>,
  server: OauthServer,
): Promise<void> {
  const { upstream } = given.settings;
  const deps: StepDeps = { ...given, upstreamProvider: upstream && createUpstream(given, upstream) };

  function sendProblem(reply: FastifyReply, status: number, title: string, text: string): FastifyReply {
    const body = page(basePathOf(deps.publicUrl()), title, html`<p role="alert">${text}</p>`);
    return sendPage(reply.code(status), body);
  }

  const over = (reply: FastifyReply) =>
    sendProblem(
      reply,
      400,
      'This sign-in is over',
      'It took too long, was finished already, or was begun in another browser. Go back to the program that sent you here and start again.',
    );

  await app.register(async (scope) => {
    acceptForms(scope);
    scope.setErrorHandler((thrown, request, reply) => {
      const error = toLatchkeyError(thrown);
      request.outcome = error.code;
      const facts = { requestId: request.id, err: error.cause ?? error };
      if (error.status >= 500) request.log.error(facts, 'page failed');
      return sendProblem(reply, error.status, 'Something went wrong', problemText(error));
    });
    scope.get<VisitRoute>(path, { config: { operation: 'oauth.interaction' } }, async (request, reply) => {
      const visit = await visitOf(server, request, reply);
      return visit === undefined ? over(reply) : show(deps, visit);
    });
    for (const [name, { prompt, take }] of Object.entries(steps)) {
      const config = { operation: `oauth.interaction.${name}` };
      scope.post<VisitRoute>(`${path}/${name}`, { config }, async (request, reply) => {
        const visit = await visitOf(server, request, reply);
        if (visit === undefined) return over(reply);
        if (!isFormToken(deps.secrets, visit.interaction.uid, visit.form.token)) return over(reply);
        if (prompt !== undefined && visit.interaction.prompt.name !== prompt) return show(deps, visit);
        return take(deps, visit);
      });
    }
    if (deps.upstreamProvider !== undefined) {
      registerUpstream(scope, deps, deps.upstreamProvider, server, over);
    }
  });
}
