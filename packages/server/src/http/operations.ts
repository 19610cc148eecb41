import {
  LatchkeyError,
  type Operation,
  type OperationId,
  operationIds,
  operations,
  type Route,
  routes,
} from '@latchkey/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DomainDeps, perform } from '../domains/handlers.ts';
import { type AuthenticatedKey, authenticate } from '../domains/keys/index.ts';
import { callerOf } from './caller.ts';
import { presentedKey } from './credentials.ts';
import { readInput } from './input.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The verified key of an operation that needs one. */
    key: AuthenticatedKey | undefined;
  }
}

const defaultBodyLimitBytes = 256 * 1024;

async function verifyKey(deps: DomainDeps, operation: Operation, request: FastifyRequest): Promise<void> {
  if (operation.access.kind === 'public') return;
  const secret = presentedKey(request);
  if (secret === undefined) throw new LatchkeyError('UNAUTHORIZED');
  request.key = await authenticate(deps, secret);
  request.keyId = request.key.principal.keyId;
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
    key: request.key,
    caller: callerOf(request),
    readInput: () => readInput(request, operation, path, method),
  });
  return { success: true, data: operation.output.parse(result), requestId: request.id };
}

/** Every operation at its path and at its published path, on the same handler. */
export function registerOperations(app: FastifyInstance, deps: DomainDeps): void {
  app.decorateRequest('key', undefined);
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
        // Before the body is read: whoever has no key cannot have one parsed either.
        onRequest: (request) => verifyKey(deps, operation, request),
        handler: (request) => answer(deps, id, path, method, request),
      });
    }
  }
}
