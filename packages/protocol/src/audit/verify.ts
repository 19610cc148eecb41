import { type AuditCheckpoint, type AuditEvent, firstPreviousHash } from './event.ts';
import {
  type AuditVerdict,
  checkCheckpoint,
  checkEvent,
  type Failure,
  fail,
  type State,
} from './verify-line.ts';

/** What the reader of an export knows already, from elsewhere. */
export interface AuditKnowledge {
  /** The key that the server signs with: raw Ed25519, base64url. */
  readonly publicKey?: string | undefined;
  /** A checkpoint of this chain that was seen before. */
  readonly checkpoint?: Pick<AuditCheckpoint, 'seq' | 'hash'> | undefined;
}

type Line = AuditEvent | AuditCheckpoint;

function isLine(value: unknown): value is Line {
  const { kind, seq } = (value ?? {}) as Partial<Line>;
  return (kind === 'event' || kind === 'checkpoint') && Number.isSafeInteger(seq);
}

/** What was written once must still be there: after the last checkpoint of a file, a chain can be cut unseen. */
function checkKnown(state: State, known: AuditKnowledge['checkpoint'], line: number): Failure | undefined {
  if (known?.seq !== state.seq || known.hash === state.hash) return undefined;
  return fail(
    'edited',
    known.seq,
    line,
    `event ${known.seq} or one before it is not what was signed earlier`,
  );
}

async function checkLine(
  value: unknown,
  state: State,
  line: number,
  known: AuditKnowledge,
): Promise<Failure | undefined> {
  if (!isLine(value)) return fail('unreadable', state.seq + 1, line, `line ${line} is not an audit line`);
  const failure =
    value.kind === 'event'
      ? await checkEvent(value, state, line)
      : await checkCheckpoint(value, state, line, known.publicKey);
  return failure ?? checkKnown(state, known.checkpoint, line);
}

/** Whether a line holds the event that was missing further up. */
function isMissing(value: unknown, { seq }: Failure): boolean {
  return isLine(value) && value.kind === 'event' && value.seq === seq;
}

function conclude(state: State, lines: number, { checkpoint }: AuditKnowledge): AuditVerdict {
  const { chain, seq, hash, checkpoints, publicKey, signedAt } = state;
  if (!state.lastIsCheckpoint || publicKey === undefined || chain === undefined) {
    const problem = 'the export ends without the checkpoint that closes it';
    return fail('cut', seq + 1, lines + 1, problem);
  }
  if (checkpoint !== undefined && checkpoint.seq > seq) {
    const problem = `events ${seq + 1} to ${checkpoint.seq} are missing: they were signed earlier`;
    return fail('cut', seq + 1, lines + 1, problem);
  }
  return { ok: true, chain, events: seq, checkpoints, publicKey, hash, signedAt };
}

/**
 * Checks an audit export line by line, as it comes: events in order, checkpoints between them, a checkpoint last. Each
 * line is what its JSON says. Keeps nothing of what it has read but where it is, and asks for no line more than it
 * needs; in a browser as well as in Node. Says the first place that was edited, dropped, inserted, reordered or cut.
 * With the key in `known` it also refuses an export that somebody has rebuilt from its start and signed with a key of
 * their own; with a checkpoint, one that was cut before it or differs from what it signed.
 */
export async function verifyAuditLines(
  lines: AsyncIterable<unknown> | Iterable<unknown>,
  known: AuditKnowledge = {},
): Promise<AuditVerdict> {
  const state: State = {
    chain: undefined,
    seq: 0,
    hash: firstPreviousHash,
    checkpoints: 0,
    publicKey: undefined,
    signedAt: '',
    lastIsCheckpoint: false,
  };
  let line = 0;
  let gap: Failure | undefined;
  for await (const value of lines) {
    line += 1;
    if (gap !== undefined) {
      const { seq } = gap;
      if (!isMissing(value, gap)) continue;
      return { ...gap, fault: 'reordered', problem: `event ${seq} does not stand in its place` };
    }
    const failure = await checkLine(value, state, line, known);
    if (failure?.fault === 'dropped') gap = failure;
    else if (failure !== undefined) return failure;
  }
  return gap ?? conclude(state, line, known);
}

function* parsedLines(text: string): Generator<unknown> {
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    try {
      yield JSON.parse(line);
    } catch {
      yield undefined;
    }
  }
}

/** Checks an audit export as it is written to a file, JSON Lines (see `verifyAuditLines`). */
export function verifyAuditExport(text: string, known?: AuditKnowledge): Promise<AuditVerdict> {
  return verifyAuditLines(parsedLines(text), known);
}
