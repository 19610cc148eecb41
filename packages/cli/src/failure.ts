import { clean, localDate, paint, writeJson } from './output.ts';
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

interface Candidate {
  readonly fingerprint: string;
  readonly workspace: string | null;
  readonly createdAt: string;
}

function candidatesOf({ error }: Failure): readonly Candidate[] {
  const list = error.details?.candidates;
  if (!Array.isArray(list)) return [];
  return list.filter(
    (each): each is Candidate => typeof each?.fingerprint === 'string' && typeof each.createdAt === 'string',
  );
}

function organizationsOf({ error }: Failure): readonly NamedId[] {
  const list = error.details?.organizations;
  if (!Array.isArray(list)) return [];
  return list.filter(
    (each): each is NamedId => typeof each?.id === 'string' && typeof each?.name === 'string',
  );
}

/** What helps beyond the message: what to do, and what the details add. */
function writeHelp({ err }: Terminal, failure: Failure): void {
  const { nextAction, details } = failure.error;
  if (nextAction !== undefined) err.line(`  ${clean(nextAction)}`);
  const attempts = details?.attemptsRemaining;
  if (typeof attempts === 'number') err.line(`  Attempts remaining: ${attempts}`);
  if (failure.requestId) err.line(`  Request ID: ${clean(failure.requestId)}`);
  const organizations = organizationsOf(failure);
  if (organizations.length > 0) err.line('\n  Available organizations:');
  for (const { id, name } of organizations) err.line(`    ${clean(id)}  ${clean(name)}`);
  const candidates = candidatesOf(failure);
  if (candidates.length > 0) err.line('\n  Keys with this name:');
  for (const { fingerprint, workspace, createdAt } of candidates) {
    const where = clean(workspace ?? '(tenant-wide)');
    err.line(`    ${clean(fingerprint)}  ${where}  created ${localDate(createdAt)}`);
  }
}

/** In words on stderr: `✗ CODE  message`, what to do, and what the details add. */
export function writeFailure(terminal: Terminal, failure: Failure): void {
  const { code, message } = failure.error;
  terminal.err.line(`\n${paint(terminal.err, 'red', `✗ ${clean(code)}`)}  ${clean(message)}`);
  writeHelp(terminal, failure);
  terminal.err.line('');
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

/** As `reportFailure`; the message stands in a line of its own, as contract/culvii.md D has it. */
export function reportRefusal(terminal: Terminal, failure: Failure, json: boolean): number {
  if (json) return reportFailure(terminal, failure, true);
  terminal.err.line(paint(terminal.err, 'red', clean(failure.error.message)));
  writeHelp(terminal, failure);
  return 1;
}

/** As `reportFailure`, in the shape that the emailed-code commands print (the CLI OTP page). */
export function reportAuthFailure(terminal: Terminal, failure: Failure, json: boolean): number {
  const { status, error } = failure;
  if (json) writeJson(terminal.out, { success: false, status, error });
  else writeFailure(terminal, failure);
  return 1;
}
