import { randomUUIDv7 } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { operations } from '@latchkey/protocol';
import {
  askerOf,
  authorize,
  noteUse,
  type Presented,
  verify as verifyCaller,
} from '../domains/keys/index.ts';
import { type Asked, type Verdict, verify } from '../domains/verification/index.ts';
import type { AheadAnswer } from './answer-ahead.ts';
import { plainKeyOf } from './credentials.ts';
import { parseJsonBody } from './json.ts';
import type { Observation } from './observe.ts';
import { plainQuestion } from './plain-question.ts';
import type { SendVerdict } from './verdict-answer.ts';
import type { VerificationHttpDeps } from './verification.ts';

const { access } = operations['keys.verify'];

/** What is longer is no plain question. */
const maxPlainBytes = 16 * 1024;

const unknownPlace = new Error('only the framework finds out where a caller is');

/** A caller as the headers name it; where it is, is asked of few. */
class PlainCaller implements Presented {
  readonly secret: string;
  readonly carrier: Presented['carrier'];

  constructor({ secret, carrier }: Omit<Presented, 'ip'>) {
    this.secret = secret;
    this.carrier = carrier;
  }

  get ip(): never {
    throw unknownPlace;
  }
}

/** How long the body is of a request that is sent as nearly all are; undefined for any other. */
function plainLengthOf({ headers }: IncomingMessage): number | undefined {
  if (headers['content-type'] !== 'application/json' || headers['transfer-encoding'] !== undefined) {
    return undefined;
  }
  const length = Number(headers['content-length']);
  return length > 0 && length <= maxPlainBytes ? length : undefined;
}

/** What is wrong with a body, the framework says. */
function questionIn(body: Buffer): Asked | undefined {
  try {
    return plainQuestion(parseJsonBody(body));
  } catch {
    return undefined;
  }
}

/**
 * Answers a plain question of a caller that is known, as nearly all are. Everything else, each refusal of a caller
 * included, is for the framework's route, and starts there from the beginning.
 */
export function createVerificationAhead(
  deps: VerificationHttpDeps,
  { begin, isClosing }: Observation,
  paths: ReadonlySet<string | undefined>,
  send: SendVerdict,
): AheadAnswer {
  /** Whose key the caller has; undefined for whoever has to be refused or waited for. */
  function callerOf(request: IncomingMessage) {
    const key = plainKeyOf(request);
    if (key === undefined) return undefined;
    try {
      const caller = verifyCaller(deps, new PlainCaller(key), access, undefined);
      if (caller instanceof Promise) return void caller.catch(() => {});
      authorize(caller, access);
      return caller.kind === 'key' ? caller : undefined;
    } catch {
      return undefined;
    }
  }

  const answer: AheadAnswer = (request, response, handOver) => {
    if (request.readableLength !== plainLengthOf(request)) return handOver();
    const caller = callerOf(request);
    const organizationId = caller?.principal.organizationId ?? null;
    if (caller === undefined || organizationId === null) return handOver();
    const body: Buffer = request.read();
    const asked = questionIn(body);
    function putBack(): void {
      request.unshift(body);
      handOver();
    }
    if (asked === undefined) return putBack();
    begin(request);
    const asker = {
      requestId: randomUUIDv7(),
      keyId: caller.row.id,
      keeps: asked.verifier !== undefined,
    };
    function sendTo(verdict: Verdict): void {
      if (caller !== undefined) noteUse(deps, askerOf(caller), deps.clock.now());
      send(response, asker, verdict);
    }
    try {
      const verdict = verify(deps, organizationId, asked);
      // What could not be counted is tried once more by the framework, which knows how to say so.
      if (verdict instanceof Promise) verdict.then(sendTo, putBack);
      else sendTo(verdict);
    } catch {
      putBack();
    }
  };

  /** Of a body that comes apart from its head, the first piece is waited for: nearly always, that is all of it. */
  const answerWithBody: AheadAnswer = (request, response, handOver) => {
    const isApart = request.readableLength === 0 && plainLengthOf(request) !== undefined;
    // Whoever has to be refused is not waited for.
    if (!isApart || callerOf(request) === undefined) return answer(request, response, handOver);
    request.once('readable', () => answer(request, response, handOver));
  };

  return (request, response, handOver) => {
    if (request.method !== 'POST' || !paths.has(request.url) || isClosing()) return handOver();
    // What has come with the head of a request is there by then.
    process.nextTick(answerWithBody, request, response, handOver);
  };
}
