import type { Output } from '@latchkey/protocol';
import { clean, type Label } from '../../output.ts';

/** An execution as `gateway.status` shows it. */
export type Execution = Output<'gateway.status'>['execution'];
type Status = Execution['status'];

const signs: Readonly<Record<Status, string>> = { pending: '○', success: '✓', failed: '✗' };

/** `✓ success` */
export function statusText(status: Status): string {
  return `${signs[status] ?? '?'} ${status}`;
}

/** How long something took, in the unit that fits. */
export function durationText(durationMs: number | undefined): string {
  if (durationMs === undefined) return '-';
  if (durationMs < 1000) return `${Math.round(durationMs)}ms`;
  return durationMs < 60_000 ? `${(durationMs / 1000).toFixed(1)}s` : `${(durationMs / 60_000).toFixed(1)}m`;
}

/** Why it failed. */
export function errorLabels({ errorDetails }: Pick<Execution, 'errorDetails'>): Label[] {
  if (errorDetails === undefined) return [];
  const { message, type, code, failedNodeName } = errorDetails;
  return [
    ['Error', message],
    ['Type', type],
    ['Code', code],
    ['Node', failedNodeName],
  ];
}

/** What came of it, as indented JSON under a title; nothing where there is no result. */
export function resultLines(resultData: unknown): string[] {
  if (resultData === undefined) return [];
  const lines = JSON.stringify(resultData, null, 2).split('\n');
  return ['Result:', ...lines].map((line) => `  ${clean(line)}`);
}

/** The command that shows an execution. */
export function lookLine(processInstanceId: string, executionId: string): string {
  return `latchkey get execution ${executionId} --process-instance-id ${processInstanceId}`;
}
