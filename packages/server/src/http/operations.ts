import type { Environment } from '@latchkey/keys';
import {
  environments,
  type Operation,
  type OperationId,
  operationIds,
  operations,
  takesIdempotencyKey,
} from '@latchkey/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DomainDeps, type PerformedId, perform } from '../domains/handlers.ts';
import { type Credential, verify } from '../domains/keys/index.ts';
import { successAnswer } from './answers.ts';
import { callerOf } from './caller.ts';
import { presentedIn } from './credentials.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { readInput } from './input.ts';
import { type Place, placesOf } from './places.ts';
import { refuseKeysInUrl } from './query-key.ts';

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
  if (access.kind !== 'key') return;
  const presented = presentedIn(request, access, deps.publicUrl());
  request.credential = await verify(deps, presented, access, environmentOf(request));
  request.keyId = request.credential.principal.keyId ?? undefined;
}

/**
 * Looks at a key again, from memory, where a body has come since: what it does must rest on a look that began after that.
 * A session is looked at again where it is used.
 */
async function verifyAfterBody(
  deps: DomainDeps,
  operation: Operation,
  request: FastifyRequest,
): Promise<void> {
  if (request.method !== 'GET' && request.credential?.kind === 'key') {
    await verifyCredential(deps, operation, request);
  }
}

/** Also after the answer has been written, when it is of no interest any more. */
function hungUpOf({ raw }: FastifyReply): AbortSignal {
  const hungUp = new AbortController();
  raw.once('close', () => hungUp.abort());
  return hungUp.signal;
}

/**
 * May they at all (403), is the input right (400), then the operation (contract/codika.md D.0). Who is asking (401)
 * was settled before the body was read, and is once more.
 */
async function answer(
  deps: DomainDeps,
  id: PerformedId,
  place: Place,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const operation: Operation = operations[id];
  await verifyAfterBody(deps, operation, request);
  const result = await perform(deps, id, {
    credential: request.credential,
    caller: callerOf(request),
    idempotencyKey: takesIdempotencyKey(operation) ? idempotencyKeyOf(request) : undefined,
    hungUp: () => hungUpOf(reply),
    readInput: () => readInput(request, operation, place.path, place.method),
  });
  return successAnswer(request, operation.output.parse(result));
}

/** Everything but what comes through the door and what is no JSON. */
function isPerformed(id: OperationId): id is PerformedId {
  return operations[id].access.kind !== 'door' && id !== 'executions.uploadOutput' && id !== 'keys.verify';
}

/** Every operation at its path and at its published path, on the same handler. */
export function registerOperations(app: FastifyInstance, deps: DomainDeps): void {
  app.decorateRequest('credential', undefined);
  // What is held open would otherwise hold the server up.
  app.addHook('preClose', async () => deps.revocations.verifiers.drain());
  for (const id of operationIds.filter(isPerformed)) {
    const operation: Operation = operations[id];
    for (const place of placesOf(id)) {
      app.route({
        ...place.route,
        bodyLimit: operation.bodyLimitBytes ?? defaultBodyLimitBytes,
        // Before the body is read: whoever has no credential cannot have one parsed either.
        async onRequest(request) {
          refuseKeysInUrl(request);
          await verifyCredential(deps, operation, request);
        },
        handler: (request, reply) => answer(deps, id, place, request, reply),
      });
    }
  }
}
