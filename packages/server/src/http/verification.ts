import type { IncomingMessage } from 'node:http';
import { operations, type VerdictCode } from '@latchkey/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  authorize,
  type Credential,
  type KeyDeps,
  type Presented,
  verify as verifyCaller,
} from '../domains/keys/index.ts';
import {
  type Asked,
  type Verdict,
  type VerificationDeps,
  verdictText,
  verify,
} from '../domains/verification/index.ts';
import { linesOfOurOwn } from '../platform/logger.ts';
import { requirePresented } from './credentials.ts';
import { readInput } from './input.ts';
import { parseJsonBody } from './json.ts';
import { type Observation, type ObserveDeps, safeHeaders } from './observe.ts';
import { type Place, placesOf } from './places.ts';
import { plainQuestion } from './plain-question.ts';
import { liftKeys, refuseKeysInUrl } from './query-key.ts';

/** What verifying over HTTP works with. */
export type VerificationHttpDeps = VerificationDeps & KeyDeps & ObserveDeps;

const operation = operations['keys.verify'];
const { access } = operation;

/** Bodies up to here are gathered by hand. */
const maxPlainBytes = 16 * 1024;
const bodyLimitBytes = 256 * 1024;

/** As `writeHead` takes them without looking at each again. */
const fixedHeaders: readonly string[] = Object.entries({
  ...safeHeaders,
  'content-type': 'application/json; charset=utf-8',
}).flat();

/** Whether a request is sent as nearly all are, so that its body can be read without asking what it is. */
function isPlain({ url, headers }: IncomingMessage, { path }: Place): boolean {
  const length = Number(headers['content-length']);
  return (
    url === path &&
    headers['content-type'] === 'application/json' &&
    headers['transfer-encoding'] === undefined &&
    length > 0 &&
    length <= maxPlainBytes
  );
}

/** Calls back with the whole body; never where it does not come, as when the connection breaks. */
function readBody(raw: IncomingMessage, onBody: (bytes: Buffer) => void): void {
  let bytes: Buffer | undefined;
  raw.on('data', (chunk: Buffer) => {
    bytes = bytes === undefined ? chunk : Buffer.concat([bytes, chunk]);
  });
  raw.on('end', () => onBody(bytes ?? Buffer.alloc(0)));
}

/** A request of which the whole body has come. */
interface WholeRequest {
  /** Its credential, not verified. */
  readonly presented: Presented;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly place: Place;
  /** Its body, unless that was parsed already. */
  readonly bytes: Buffer | undefined;
}

/** Answers the one operation that is called more often than all others together. */
function createAnswerer(deps: VerificationHttpDeps, observation: Observation) {
  const lines = linesOfOurOwn(deps.log);

  /** No line for each at the usual level, and counts that are added up only when somebody reads them. */
  function note({ id: requestId, keyId }: FastifyRequest, code: VerdictCode): void {
    deps.metrics.countVerdict(code);
    if (!lines.isLevelEnabled('debug')) return;
    lines.debug(
      { requestId, operation: 'keys.verify', status: 200, outcome: 'OK', verdict: code, keyId },
      'answered',
    );
  }

  /** Past the framework, which would go through each header anew. */
  function send(request: FastifyRequest, { raw }: FastifyReply, verdict: Verdict, asked: Asked): void {
    const { id } = request;
    const text = verdictText(verdict, asked.verifier !== undefined);
    const body = `{"success":true,"data":${text},"requestId":"${id}"}`;
    const length = String(Buffer.byteLength(body));
    if (observation.isClosing()) raw.setHeader('connection', 'close');
    raw.writeHead(200, [...fixedHeaders, 'x-request-id', id, 'content-length', length]);
    raw.end(body);
    note(request, verdict.code);
  }

  function questionIn(request: FastifyRequest, { path, method }: Place): Asked {
    // A query is always one too many.
    const plain = request.raw.url === path ? plainQuestion(request.body) : undefined;
    return plain ?? (readInput(request, operation, path, method) as Asked);
  }

  function answerTo({ principal }: Credential, { request, reply, place, bytes }: WholeRequest): void {
    request.keyId = principal.keyId ?? undefined;
    if (bytes !== undefined) request.body = parseJsonBody(bytes);
    authorize(principal, access);
    if (principal.organizationId === null) throw new Error('a key without an organization');
    const asked = questionIn(request, place);
    const verdict = verify(deps, principal.organizationId, asked);
    if (verdict instanceof Promise) {
      verdict
        .then((each) => send(request, reply, each, asked))
        .catch((error: Error) => void reply.send(error));
    } else send(request, reply, verdict, asked);
  }

  /** Who asks is looked at when all of it is there: a key that has ended while the body came is good for nothing. */
  function answer(whole: WholeRequest): void {
    const credential = verifyCaller(deps, whole.presented, access, undefined);
    if (credential instanceof Promise) {
      credential.then((each) => answerTo(each, whole)).catch((error: Error) => void whole.reply.send(error));
    } else answerTo(credential, whole);
  }

  return { answer };
}

/** `keys.verify`, in a part of the application of its own: what the others have in common would cost more than it. */
export async function registerVerification(
  app: FastifyInstance,
  deps: VerificationHttpDeps,
  observation: Observation,
): Promise<void> {
  const { answer } = createAnswerer(deps, observation);

  /** From here on what the framework would do in its turn is done by hand, but for errors. */
  function answerAtOnce(rest: Omit<WholeRequest, 'bytes'>): void {
    readBody(rest.request.raw, (bytes) => {
      try {
        answer({ ...rest, bytes });
      } catch (error) {
        void rest.reply.send(error);
      }
    });
  }

  // What is answered well does not come here.
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.headers(safeHeaders);
    observation.complete(request, reply);
    observation.note(request, reply);
    done();
  });
  for (const place of placesOf('keys.verify')) {
    app.route({
      ...place.route,
      bodyLimit: bodyLimitBytes,
      // Before the body is read: whoever has no credential cannot have one parsed either. Where the body is small, and
      // its bytes are only gathered, it is enough to look at it once they are there.
      onRequest(request, reply, done) {
        observation.begin(request);
        liftKeys(request.raw);
        refuseKeysInUrl(request);
        const presented = requirePresented(request, access);
        if (isPlain(request.raw, place)) {
          answerAtOnce({ presented, request, reply, place });
          return undefined;
        }
        const credential = verifyCaller(deps, presented, access, undefined);
        if (credential instanceof Promise) return credential.then(() => undefined);
        done();
        return undefined;
      },
      handler: (request, reply) =>
        answer({ presented: requirePresented(request, access), request, reply, place, bytes: undefined }),
    });
  }
}
