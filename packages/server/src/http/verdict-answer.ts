import type { ServerResponse } from 'node:http';
import type { VerdictCode } from '@latchkey/protocol';
import { type Verdict, verdictText } from '../domains/verification/index.ts';
import { linesOfOurOwn } from '../platform/logger.ts';
import { type Observation, type ObserveDeps, safeHeaders } from './observe.ts';

/** As `writeHead` takes them without looking at each again. */
const fixedHeaders: readonly string[] = Object.entries({
  ...safeHeaders,
  'content-type': 'application/json; charset=utf-8',
}).flat();

/** Whom an answer goes to. */
export interface Asker {
  readonly requestId: string;
  /** The id of the key that asks; may be logged. */
  readonly keyId: string | undefined;
  /** Whether it is a verifier that keeps what it is told. */
  readonly keeps: boolean;
}

/** Sends a verdict, past the framework, which would go through each header anew. */
export type SendVerdict = (response: ServerResponse, asker: Asker, verdict: Verdict) => void;

/** Makes what sends verdicts. */
export function createVerdictSender({ metrics, log }: ObserveDeps, { isClosing }: Observation): SendVerdict {
  const lines = linesOfOurOwn(log);

  /** No line for each at the usual level, and counts that are added up only when somebody reads them. */
  function note({ requestId, keyId }: Asker, code: VerdictCode): void {
    metrics.countVerdict(code);
    if (!lines.isLevelEnabled('debug')) return;
    lines.debug(
      { requestId, operation: 'keys.verify', status: 200, outcome: 'OK', verdict: code, keyId },
      'answered',
    );
  }

  return (response, asker, verdict) => {
    const { requestId, keeps } = asker;
    const body = `{"success":true,"data":${verdictText(verdict, keeps)},"requestId":"${requestId}"}`;
    const length = String(Buffer.byteLength(body));
    if (isClosing()) response.setHeader('connection', 'close');
    response.writeHead(200, [...fixedHeaders, 'x-request-id', requestId, 'content-length', length]);
    response.end(body);
    note(asker, verdict.code);
  };
}
