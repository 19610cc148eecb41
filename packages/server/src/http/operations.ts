import type { Environment } from '@latchkey/keys';
import {
  environments,
  type Operation,
  type OperationId,
  operationIds,
  operations,
  type Route,
  routes,
} from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DomainDeps, perform } from '../domains/handlers.ts';
import { type Credential, verify } from '../domains/keys/index.ts';
import { callerOf } from './caller.ts';
import { requirePresented } from './credentials.ts';
import { readInput } from './input.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified key or session of an operation that needs one. */
    credential: Credential | undefined;
  }
}

const defaultBodyLimitBytes = 256 * 1024;

/** The environment that a path names, where it names one that exists. */
function environmentOf(request: FastifyRequest): Environment | undefined {
  const { environment } = request.params as { environment?: string };
  return environments.find((each) => each === environment);
}

async function verifyCredential(
  deps: DomainDeps,
  { access }: Operation,
  request: FastifyRequest,
): Promise<void> {
  if (access.kind === 'public') return;
  const presented = requirePresented(request, access);
  request.credential = await verify(deps, presented, access, environmentOf(request));
  request.keyId = request.credential.principal.keyId ?? undefined;
}

/**
 * May they at all (403), is the input right (400), then the operation (contract/codika.md D.0). Who is asking (401)
 * was settled before the body was read.
 */
async function answer(
  deps: DomainDeps,
  id: OperationId,
  path: string,
  method: string,
  request: FastifyRequest,
) {
  const operation: Operation = operations[id];
  const result = await perform(deps, id, {
    credential: request.credential,
    caller: callerOf(request),
    readInput: () => readInput(request, operation, path, method),
  });
  return { success: true, data: operation.output.parse(result), requestId: request.id };
}

/** Every operation at its path and at its published path, on the same handler. */
export function registerOperations(app: FastifyInstance, deps: DomainDeps): void {
  app.decorateRequest('credential', undefined);
  for (const id of operationIds) {
    const route: Route = routes[id];
    const operation: Operation = operations[id];
    const places = route.published === undefined ? [route] : [route, route.published];
    for (const { method, path } of places) {
      app.route({
        method,
        url: path.replace(/\{([A-Za-z]+)\}/g, ':$1'),
        bodyLimit: operation.bodyLimitBytes ?? defaultBodyLimitBytes,
        config: { operation: id },
        // Before the body is read: whoever has no credential cannot have one parsed either.
        onRequest: (request) => verifyCredential(deps, operation, request),
        handler: (request) => answer(deps, id, path, method, request),
      });
    }
  }
}
