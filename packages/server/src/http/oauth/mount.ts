import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OauthDeps, OauthPages } from '../../domains/oauth/index.ts';
import type { Caller } from '../../domains/otp/index.ts';
import { callerOf } from '../caller.ts';
import { deviceAllowed, deviceConfirm, deviceDenied, deviceInput } from './device-pages.ts';
import { passBodies } from './forms.ts';
import { html } from './html.ts';
import { page, policyFor } from './layout.ts';
import type { OauthServer, Provider } from './visit.ts';

/** Method, path and name of everything that the library answers. */
const endpoints = [
  ['GET', '/oauth/authorize', 'oauth.authorize'],
  ['GET', '/oauth/authorize/:uid', 'oauth.authorize.resume'],
  ['POST', '/oauth/token', 'oauth.token'],
  ['POST', '/oauth/device', 'oauth.device'],
  ['GET', '/device', 'oauth.device.page'],
  ['POST', '/device', 'oauth.device.submit'],
  ['GET', '/device/:uid', 'oauth.device.resume'],
  ['POST', '/oauth/revoke', 'oauth.revoke'],
  ['POST', '/oauth/introspect', 'oauth.introspect'],
  ['GET', '/oauth/jwks', 'oauth.jwks'],
  ['GET', '/.well-known/oauth-authorization-server', 'oauth.metadata'],
  ['GET', '/.well-known/openid-configuration', 'oauth.metadata'],
] as const;

const callers = new WeakMap<IncomingMessage, Caller>();

/** The path under which the issuer's root is; empty where it is the host's own. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/$/, '');
}

const unknownCaller: Caller = { address: 'unknown', ip: 'unknown', client: '', requestId: '' };

/** The pages that the library shows. */
export function createPages({ publicUrl }: Pick<OauthDeps, 'publicUrl'>): OauthPages {
  const basePath = () => basePathOf(publicUrl());
  return {
    deviceInput: (shown) => deviceInput(basePath(), shown),
    deviceConfirm: (shown) => deviceConfirm(basePath(), shown),
    deviceAllowed: (clientName) => deviceAllowed(basePath(), clientName),
    deviceDenied: () => deviceDenied(basePath()),
    problem: ({ title, text }) => page(basePath(), title, html`<p role="alert">${text}</p>`),
    callerOf: (request) => callers.get(request) ?? unknownCaller,
  };
}

/**
 * The library makes its URLs and the flags of its cookies from the request. What it reads there is the public URL,
 * not what a caller or a proxy wrote.
 */
function addressAsIssuer(request: IncomingMessage & { baseUrl?: string }, publicUrl: string): void {
  const { host, protocol } = new URL(publicUrl);
  request.headers.host = host;
  request.headers['x-forwarded-proto'] = protocol.replace(':', '');
  delete request.headers['x-forwarded-host'];
  request.baseUrl = basePathOf(publicUrl);
}

function copyHeaders(reply: FastifyReply, requestId: string): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.raw.setHeader('x-request-id', requestId);
  reply.raw.setHeader('content-security-policy', policyFor());
}

type ProviderHandler = ReturnType<Provider['callback']>;

/** Registers what the library answers, below the paths that it is configured with. */
export async function mountProvider(
  app: FastifyInstance,
  { publicUrl }: Pick<OauthDeps, 'publicUrl'>,
  server: OauthServer,
): Promise<void> {
  const handlers = new WeakMap<object, ProviderHandler>();
  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const provider = await server();
    const handler = handlers.get(provider) ?? provider.callback();
    handlers.set(provider, handler);
    callers.set(request.raw, callerOf(request));
    addressAsIssuer(request.raw, publicUrl());
    reply.hijack();
    copyHeaders(reply, request.id);
    await handler(request.raw, reply.raw);
    if (reply.statusCode >= 400) request.outcome = `HTTP_${reply.statusCode}`;
  }
  await app.register(async (scope) => {
    passBodies(scope);
    for (const [method, url, operation] of endpoints) {
      scope.route({ method, url, config: { operation }, handler: answer });
    }
  });
}
