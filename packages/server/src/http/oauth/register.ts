import type { FastifyInstance } from 'fastify';
import { apiScope, createOauthServer } from '../../domains/oauth/index.ts';
import type { Logger } from '../../platform/logger.ts';
import { registerInteractions } from './interaction.ts';
import { createPages, mountProvider } from './mount.ts';
import type { StepDeps } from './steps.ts';
import { style, stylePath } from './style.ts';

/** Where the API describes itself as a protected resource (RFC 9728). */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource';

/** Everything of the authorization server: its endpoints, its pages, and what describes them. */
export async function registerOauth(
  app: FastifyInstance,
  deps: Omit<StepDeps, 'upstreamProvider'> & { readonly log: Logger },
): Promise<void> {
  const server = createOauthServer(deps, createPages(deps));
  await mountProvider(app, deps, server);
  await registerInteractions(app, deps, server);
  app.get(stylePath, { config: { operation: 'oauth.style' } }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300').type('text/css; charset=utf-8');
    return style;
  });
  app.get(resourceMetadataPath, { config: { operation: 'oauth.resource' } }, async () => ({
    resource: deps.publicUrl(),
    authorization_servers: [deps.publicUrl()],
    scopes_supported: [apiScope],
    bearer_methods_supported: ['header'],
    resource_name: 'Latchkey',
    resource_documentation: `${deps.publicUrl()}/docs`,
  }));
}
