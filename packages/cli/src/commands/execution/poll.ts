import type { Api } from '../../api.ts';
import type { Failure } from '../../failure.ts';
import type { Terminal } from '../../terminal.ts';
import type { Execution } from './texts.ts';

const firstPauseMs = 250;
const longestPauseMs = 3_000;
const pauseGrowth = 1.5;
/** The least that one look is given, so that the last one can still be answered. */
const shortestLookMs = 1_000;
const longestLookMs = 30_000;

/** What a wait for an execution came to. `overdue`: it was pending, or nobody could say, until the time was up. */
export type Polled =
  | { readonly kind: 'ended'; readonly execution: Execution }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'overdue'; readonly failure: Failure | undefined };

/** What may be otherwise the next time: the execution is on disk, whatever happens to the server meanwhile. */
function isPassing({ status }: Failure): boolean {
  return status === 0 || status === 429 || status >= 500;
}

export interface Waiting {
  readonly processInstanceId: string;
  readonly executionId: string;
  readonly timeoutMs: number;
  /** Called after each look that found it pending. */
  readonly onPending: (waitedMs: number) => void;
}

/** Looks at an execution, at first often, until it has ended or the time is up. */
export async function untilEnded(terminal: Terminal, api: Api, waiting: Waiting): Promise<Polled> {
  const { processInstanceId, executionId, timeoutMs, onPending } = waiting;
  const startedAt = terminal.now().getTime();
  const leftMs = () => startedAt + timeoutMs - terminal.now().getTime();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(Math.round(pauseMs * pauseGrowth), longestPauseMs)) {
    const lookMs = Math.ceil(Math.min(Math.max(leftMs(), shortestLookMs), longestLookMs));
    const answer = await api.call('gateway.status', { processInstanceId, executionId }, lookMs);
    if (answer.success && answer.data.execution.status !== 'pending') {
      return { kind: 'ended', execution: answer.data.execution };
    }
    if (!answer.success && !isPassing(answer)) return { kind: 'refused', failure: answer };
    if (leftMs() <= 0) return { kind: 'overdue', failure: answer.success ? undefined : answer };
    onPending(timeoutMs - leftMs());
    await terminal.wait(Math.min(pauseMs, leftMs()));
  }
}
