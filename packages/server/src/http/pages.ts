import { identifier, LatchkeyError } from '@latchkey/protocol';
import type { FastifyInstance } from 'fastify';
import { findLogo } from '../domains/accounts/index.ts';
import { publicJwk } from '../platform/jwt.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Secrets } from '../platform/secrets.ts';
import { pingDatabase, type Store } from '../storage/index.ts';
import { sendError } from './answers.ts';

export interface PageDeps {
  readonly store: Store;
  readonly metrics: Metrics;
  readonly secrets: Pick<Secrets, 'principalKey'>;
}

/** Process up, able to serve, and what it counts. */
export function registerHealth(app: FastifyInstance, { store, metrics }: PageDeps): void {
  app.get('/healthz', { config: { operation: 'healthz' } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { config: { operation: 'readyz' } }, async (request, reply) => {
    try {
      await pingDatabase(store.db);
      return { status: 'ready' };
    } catch (cause) {
      return sendError(request, reply, new LatchkeyError('UNAVAILABLE', { cause, internal: 'no database' }));
    }
  });
  app.get('/metrics', { config: { operation: 'metrics' } }, async (_request, reply) => {
    reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}

/** What targets check the principals that they are sent with. */
export function registerPrincipalKeys(app: FastifyInstance, { secrets }: PageDeps): void {
  const keySet = { keys: [publicJwk(secrets.principalKey)] };
  app.get('/.well-known/jwks.json', { config: { operation: 'principalKeys' } }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300').type('application/jwk-set+json');
    return keySet;
  });
}

/** Logos are public, like the names they stand beside; only checked pictures are ever kept. */
export function registerLogos(app: FastifyInstance, { store }: PageDeps): void {
  app.get<{ Params: { organizationId: string } }>(
    '/v1/organizations/:organizationId/logo',
    { config: { operation: 'organizations.logo' } },
    async (request, reply) => {
      const { organizationId } = request.params;
      // PostgreSQL refuses to look for text that cannot be one.
      const isId = identifier.safeParse(organizationId).success;
      const logo = isId ? await findLogo(store.db, organizationId) : undefined;
      if (logo === undefined) return sendError(request, reply, new LatchkeyError('NOT_FOUND'));
      const etag = `"${logo.sha256}"`;
      reply.header('etag', etag).header('cache-control', 'public, max-age=300');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type(logo.mimeType).send(logo.bytes);
    },
  );
}
