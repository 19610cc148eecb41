import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { alone, sendPage } from './oauth/layout.ts';
import { signInPage } from './sign-in-page.ts';

/** What the build wrote in the place of the nonce (packages/dashboard/vite.config.ts). */
const placeOfNonce = 'nonce-of-this-answer';

/** The pages: everything else below the root is the server's own. */
const pagePaths = ['/', '/o/*'] as const;

const yearSeconds = 31_536_000;

/**
 * Only what this server sends, and no style or script that stands in the page itself: the components' own style
 * elements carry the nonce of the answer.
 */
function policyWith(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const notBuilt =
  'The dashboard has not been built. In a clone, run "npm run build:dashboard" and load this page again; the API and the command line work without it.\n';

/** Beside the one file that the package ships of the server; in a clone, where it is built. */
function builtFolder(): string {
  const shipped = join(import.meta.dirname, 'dashboard');
  return existsSync(join(shipped, 'index.html'))
    ? shipped
    : join(import.meta.dirname, '..', '..', '..', 'dashboard', 'dist');
}

/**
 * Serves the dashboard, which talks to the API like any other client; and the way in, which loads nothing of it, to
 * whoever is known to need that first.
 */
export async function registerDashboard(
  app: FastifyInstance,
  needsSignIn: (request: FastifyRequest) => boolean,
  folder = builtFolder(),
): Promise<void> {
  const indexPath = join(folder, 'index.html');
  let page: string | undefined;

  function sendDashboard(reply: FastifyReply): FastifyReply {
    page ??= existsSync(indexPath) ? readFileSync(indexPath, 'utf8') : undefined;
    if (page === undefined) return reply.code(503).type('text/plain; charset=utf-8').send(notBuilt);
    const nonce = randomBytes(16).toString('base64url');
    const headers = { ...alone, 'content-security-policy': policyWith(nonce) };
    return reply.headers(headers).type('text/html; charset=utf-8').send(page.replaceAll(placeOfNonce, nonce));
  }

  for (const path of pagePaths) {
    app.get(path, { config: { operation: 'dashboard.page' } }, async (request, reply) =>
      needsSignIn(request) ? sendPage(reply, signInPage(request.url)) : sendDashboard(reply),
    );
  }
  if (!existsSync(folder)) return;
  await app.register(async (files) => {
    files.addHook('onRoute', (route) => {
      route.config = { ...route.config, operation: 'dashboard.file' };
    });
    await files.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/assets/',
      preCompressed: true,
      index: false,
      decorateReply: false,
      cacheControl: false,
      // Their names change with their content.
      setHeaders(reply) {
        void reply.header('cache-control', `public, max-age=${yearSeconds}, immutable`);
      },
    });
    let icon: Buffer | undefined;
    files.get('/favicon.svg', async (_request, reply) => {
      icon ??= readFileSync(join(folder, 'favicon.svg'));
      reply.header('cache-control', 'public, max-age=3600').type('image/svg+xml');
      return icon;
    });
  });
}
