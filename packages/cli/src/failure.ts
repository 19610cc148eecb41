import { clean, paint, writeJson } from './output.ts';
import type { Terminal } from './terminal.ts';

/** Why a call brought nothing: the server's refusal, or status 0 when there is no answer of the server. */
export interface Failure {
  readonly success: false;
  readonly status: number;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly nextAction?: string | undefined;
    readonly details?: Readonly<Record<string, unknown>> | undefined;
  };
  readonly requestId?: string | undefined;
}

interface NamedId {
  readonly id: string;
  readonly name: string;
}

function organizationsOf({ error }: Failure): readonly NamedId[] {
  const list = error.details?.organizations;
  if (!Array.isArray(list)) return [];
  return list.filter(
    (each): each is NamedId => typeof each?.id === 'string' && typeof each?.name === 'string',
  );
}

/** In words on stderr: `✗ CODE  message`, what to do, and what the details add. */
export function writeFailure({ err }: Terminal, failure: Failure): void {
  const { code, message, nextAction, details } = failure.error;
  err.line(`\n${paint(err, 'red', `✗ ${clean(code)}`)}  ${clean(message)}`);
  if (nextAction !== undefined) err.line(`  ${clean(nextAction)}`);
  const attempts = details?.attemptsRemaining;
  if (typeof attempts === 'number') err.line(`  Attempts remaining: ${attempts}`);
  if (failure.requestId) err.line(`  Request ID: ${clean(failure.requestId)}`);
  const organizations = organizationsOf(failure);
  if (organizations.length > 0) err.line('\n  Available organizations:');
  for (const { id, name } of organizations) err.line(`    ${clean(id)}  ${clean(name)}`);
  err.line('');
}

/** Reports a failure and answers the exit code; `--json` prints the server's own body. */
export function reportFailure(terminal: Terminal, failure: Failure, json: boolean): number {
  if (!json) writeFailure(terminal, failure);
  else {
    const { status: _status, ...body } = failure;
    writeJson(terminal.out, body);
  }
  return 1;
}

/** As `reportFailure`, in the shape that the emailed-code commands print (the CLI OTP page). */
export function reportAuthFailure(terminal: Terminal, failure: Failure, json: boolean): number {
  const { status, error } = failure;
  if (json) writeJson(terminal.out, { success: false, status, error });
  else writeFailure(terminal, failure);
  return 1;
}
