import type { Api } from '../../api.ts';
import { type Failure, writeFailure } from '../../failure.ts';
import { clean, paint, writeJson, writeLabels } from '../../output.ts';
import type { Terminal } from '../../terminal.ts';
import { writeAnswer } from './output-file.ts';
import { untilEnded } from './poll.ts';
import { type Execution, errorLabels, lookLine, resultLines, statusText } from './texts.ts';

export interface Followed {
  readonly processInstanceId: string;
  readonly executionId: string;
  readonly timeoutSeconds: number;
  /** Where the whole answer goes. */
  readonly outputPath: string | undefined;
  readonly json: boolean;
}

const sayFromMs = 1_000;
const sayEveryMs = 10_000;

/** Tells a person who reads along that there is something to wait for; now and then again. */
function progressOf({ err }: Terminal, { json, timeoutSeconds }: Followed) {
  let nextMs = sayFromMs;
  return (waitedMs: number): void => {
    if (json || !err.isTerminal || waitedMs < nextMs) return;
    const seconds = Math.round(waitedMs / 1000);
    err.line(`  Waiting for the result... (${seconds}s of ${timeoutSeconds}s)`);
    nextMs = waitedMs + sayEveryMs;
  };
}

function writeInWords(terminal: Terminal, execution: Execution, outputPath: string | undefined): void {
  const { out } = terminal;
  const { status, duration, executionId } = execution;
  const took = duration === undefined ? '' : ` (${(duration / 1000).toFixed(1)}s)`;
  const sign = statusText(status).slice(0, 1);
  out.line(`\n${paint(out, status === 'success' ? 'green' : 'red', `${sign} Execution ${status}${took}`)}\n`);
  const result = outputPath === undefined ? resultLines(execution.resultData) : [];
  if (result.length > 0) out.line(`${result.join('\n')}\n`);
  writeLabels(out, [...errorLabels(execution), ['Output', outputPath], ['Execution ID', executionId]]);
  out.line('');
}

/** The end of an execution in the shapes of contract/codika.md G.7.6; `success` is that of the execution. */
function reportEnded(terminal: Terminal, execution: Execution, { json, outputPath }: Followed): number {
  const { executionId, status, duration, resultData, errorDetails } = execution;
  const success = status === 'success';
  if (outputPath !== undefined) writeAnswer(outputPath, { success: true, execution });
  const what = outputPath === undefined ? { resultData, errorDetails } : { outputPath };
  if (json) writeJson(terminal.out, { success, executionId, status, duration, ...what });
  else writeInWords(terminal, execution, outputPath);
  return success ? 0 : 1;
}

/** Nobody knows the end yet; the execution has its id all the same. */
function reportUnknown(terminal: Terminal, failure: Failure, followed: Followed): number {
  const { executionId, json } = followed;
  const { status: _status, ...body } = failure;
  if (json) writeJson(terminal.out, { ...body, executionId });
  else {
    writeFailure(terminal, failure);
    terminal.err.line(`  Execution ID: ${clean(executionId)}\n`);
  }
  return 1;
}

function overdue({ processInstanceId, executionId, timeoutSeconds }: Followed, last?: Failure): Failure {
  const why = last === undefined ? 'is still pending' : `could not be looked at (${last.error.message})`;
  const message = `The execution ${why} after ${timeoutSeconds} s.`;
  const nextAction = `It goes on without you. Look again: \`${lookLine(processInstanceId, executionId)}\``;
  return { success: false, status: 0, error: { code: 'poll-timeout', message, nextAction } };
}

/** Waits for an execution and reports its end; answers 0 for a success and for nothing else. */
export async function follow(terminal: Terminal, api: Api, followed: Followed): Promise<number> {
  const { processInstanceId, executionId, timeoutSeconds } = followed;
  const polled = await untilEnded(terminal, api, {
    processInstanceId,
    executionId,
    timeoutMs: timeoutSeconds * 1000,
    onPending: progressOf(terminal, followed),
  });
  if (polled.kind === 'ended') return reportEnded(terminal, polled.execution, followed);
  const failure = polled.kind === 'refused' ? polled.failure : overdue(followed, polled.failure);
  return reportUnknown(terminal, failure, followed);
}
