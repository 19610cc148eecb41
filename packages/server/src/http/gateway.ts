import { type Input, LatchkeyError, operations, rateLimitHeaders } from '@latchkey/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type GatewayDeps,
  type LimitState,
  type PresentedKey,
  readStatus,
  trigger,
} from '../domains/gateway/index.ts';
import { signatureHeadersIn } from '../domains/signatures/index.ts';
import { secondMs } from '../platform/clock.ts';
import { successAnswer } from './answers.ts';
import { clientOf, ipOf } from './caller.ts';
import { keysInHeaders, onlyOne } from './credentials.ts';
import { checkInput } from './input.ts';
import { placesOf } from './places.ts';
import { keysInUrl } from './query-key.ts';

export interface DoorDeps extends GatewayDeps {
  readonly settings: { readonly triggerBodyLimitBytes: number };
}

/**
 * The one key that a request carries; one that stands in the URL too counts as that. Throws `CREDENTIALS_CONFLICT` for
 * several that differ.
 */
function presentedKey(request: FastifyRequest): PresentedKey | undefined {
  const ip = ipOf(request);
  const client = clientOf(request.headers['user-agent']);
  const inUrl = keysInUrl(request.raw).map((secret) => ({ secret, ip, client, carrier: 'query' as const }));
  return onlyOne<PresentedKey>([...inUrl, ...keysInHeaders(request)]);
}

/** Reads headers as the domain asks for them; values of a repeated one are joined. */
function headersOf({ headers }: FastifyRequest): (name: string) => string | undefined {
  return (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
}

function tellLimits(reply: FastifyReply, states: readonly LimitState[]): void {
  const told = states.map(({ limit: { kind: name, limit, windowMs }, remaining, resetSeconds }) => ({
    name,
    limit,
    windowSeconds: windowMs / secondMs,
    remaining,
    resetSeconds,
  }));
  reply.headers(rateLimitHeaders(told));
}

/** For the log: whose request it was. */
function noteCaller(request: FastifyRequest) {
  return ({ keyId }: { readonly keyId: string | null }) => {
    request.keyId = keyId ?? undefined;
  };
}

async function answerTrigger(deps: DoorDeps, request: FastifyRequest, reply: FastifyReply): Promise<object> {
  const fields = checkInput(
    operations['gateway.trigger'],
    request.params as Record<string, unknown>,
  ) as Input<'gateway.trigger'>;
  const header = headersOf(request);
  const triggered = await trigger(deps, {
    instanceId: fields.processInstanceId,
    workflowId: fields.workflowId,
    key: presentedKey(request),
    header,
    body: {
      bytes: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
      contentType: header('content-type') ?? '',
      contentEncoding: header('content-encoding') ?? '',
      maxBytes: deps.settings.triggerBodyLimitBytes,
    },
    onEntrance: noteCaller(request),
    onLimits: (states) => tellLimits(reply, states),
  });
  return successAnswer(request, triggered);
}

async function answerStatus(deps: DoorDeps, request: FastifyRequest): Promise<object> {
  const fields = checkInput(
    operations['gateway.status'],
    request.params as Record<string, unknown>,
  ) as Input<'gateway.status'>;
  const key = presentedKey(request);
  if (key !== undefined)
    return successAnswer(request, await readStatus(deps, key, noteCaller(request), fields));
  const isSigned = signatureHeadersIn({ header: headersOf(request) }, []).length > 0;
  throw new LatchkeyError(isSigned ? 'SIGNATURE_NOT_ACCEPTED' : 'UNAUTHORIZED');
}

/** Trigger and status, each at its path and at its published path. A body is taken as the bytes that it came as. */
export async function registerGateway(app: FastifyInstance, deps: DoorDeps): Promise<void> {
  await app.register(async (door) => {
    door.removeAllContentTypeParsers();
    door.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    for (const { route } of placesOf('gateway.trigger')) {
      door.route({
        ...route,
        bodyLimit: deps.settings.triggerBodyLimitBytes,
        handler: (request, reply) => answerTrigger(deps, request, reply),
      });
    }
    for (const { route } of placesOf('gateway.status')) {
      door.route({ ...route, handler: (request) => answerStatus(deps, request) });
    }
  });
}
