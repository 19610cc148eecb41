import {
  type AuditCheckpoint,
  type AuditEvent,
  auditText,
  checkpointText,
  firstPreviousHash,
} from './event.ts';

/** What was found wrong, at the first place where something is. */
export type AuditFault =
  | 'edited'
  | 'dropped'
  | 'inserted'
  | 'reordered'
  | 'cut'
  | 'not signed'
  | 'unreadable';

export type AuditVerdict =
  | {
      readonly ok: true;
      readonly chain: string;
      readonly events: number;
      readonly checkpoints: number;
      readonly publicKey: string;
      /** Of the last event. */
      readonly hash: string;
      /** When the server signed that the chain ends here. */
      readonly signedAt: string;
    }
  | {
      readonly ok: false;
      readonly fault: AuditFault;
      /** Of the first event that is not as it was written. */
      readonly seq: number;
      /** Line of the export, from 1. */
      readonly line: number;
      readonly problem: string;
    };

/** What the reader of an export knows already, from elsewhere. */
export interface AuditKnowledge {
  /** The key that the server signs with: raw Ed25519, base64url. */
  readonly publicKey?: string | undefined;
  /** A checkpoint of this chain that was seen before. */
  readonly checkpoint?: Pick<AuditCheckpoint, 'seq' | 'hash'> | undefined;
}

type Failure = Extract<AuditVerdict, { ok: false }>;
type Line = AuditEvent | AuditCheckpoint;

async function sha256Hex(text: string): Promise<string> {
  const bytes = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

async function isSigned(checkpoint: AuditCheckpoint): Promise<boolean> {
  try {
    const { subtle } = globalThis.crypto;
    const key = await subtle.importKey('raw', fromBase64url(checkpoint.publicKey), 'Ed25519', false, [
      'verify',
    ]);
    const text = new TextEncoder().encode(checkpointText(checkpoint));
    return await subtle.verify('Ed25519', key, fromBase64url(checkpoint.signature), text);
  } catch {
    return false;
  }
}

function readLine(text: string): Line | undefined {
  try {
    const value = JSON.parse(text) as Partial<Line> | null;
    const known = value?.kind === 'event' || value?.kind === 'checkpoint';
    return known && Number.isSafeInteger(value.seq) ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** What has been read so far. */
interface State {
  chain: string | undefined;
  seq: number;
  hash: string;
  checkpoints: number;
  publicKey: string | undefined;
  signedAt: string;
  lastIsCheckpoint: boolean;
}

function fail(fault: AuditFault, seq: number, line: number, problem: string): Failure {
  return { ok: false, fault, seq, line, problem };
}

/** An event that is not the next one: a second one, or the ones between are gone or stand elsewhere. */
function misplaced(event: AuditEvent, state: State, line: number, laterSeqs: ReadonlySet<number>): Failure {
  const expected = state.seq + 1;
  if (event.seq < expected)
    return fail('inserted', event.seq, line, `a second event ${event.seq} stands after event ${state.seq}`);
  return laterSeqs.has(expected)
    ? fail('reordered', expected, line, `event ${expected} does not stand in its place`)
    : fail('dropped', expected, line, `event ${expected} is missing`);
}

async function checkEvent(
  event: AuditEvent,
  state: State,
  line: number,
  laterSeqs: ReadonlySet<number>,
): Promise<Failure | undefined> {
  if (event.seq !== state.seq + 1) return misplaced(event, state, line, laterSeqs);
  const own = event.chain === (state.chain ?? event.chain) && event.previousHash === state.hash;
  if (!own || (await sha256Hex(auditText(event))) !== event.hash) {
    return fail('edited', event.seq, line, `event ${event.seq} is not what was written`);
  }
  Object.assign(state, { chain: event.chain, seq: event.seq, hash: event.hash, lastIsCheckpoint: false });
  return undefined;
}

async function checkCheckpoint(
  checkpoint: AuditCheckpoint,
  state: State,
  line: number,
  pinnedKey: string | undefined,
): Promise<Failure | undefined> {
  const { seq, hash, chain, publicKey } = checkpoint;
  const expectedKey = pinnedKey ?? state.publicKey ?? publicKey;
  if (publicKey !== expectedKey || !(await isSigned(checkpoint))) {
    return fail(
      'not signed',
      seq,
      line,
      `the checkpoint after event ${seq} is not signed by this server's key`,
    );
  }
  if (seq > state.seq)
    return fail('cut', state.seq + 1, line, `events ${state.seq + 1} to ${seq} are missing`);
  if (seq < state.seq)
    return fail('reordered', seq, line, `the checkpoint after event ${seq} stands after event ${state.seq}`);
  if (hash !== state.hash || chain !== (state.chain ?? chain)) {
    return fail('edited', seq, line, `event ${seq} or one before it is not what was signed`);
  }
  Object.assign(state, {
    chain,
    publicKey,
    signedAt: checkpoint.at,
    checkpoints: state.checkpoints + 1,
    lastIsCheckpoint: true,
  });
  return undefined;
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

/**
 * Checks an audit export (JSON Lines: events in order, checkpoints between them, a checkpoint last) without asking a
 * server. Says the first place that was edited, dropped, inserted, reordered or cut. With the key in `known` it also
 * refuses an export that somebody has rebuilt from its start and signed with a key of their own; with a checkpoint,
 * one that was cut before it or differs from what it signed.
 */
export async function verifyAuditExport(text: string, known: AuditKnowledge = {}): Promise<AuditVerdict> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const parsed = lines.map(readLine);
  const state: State = {
    chain: undefined,
    seq: 0,
    hash: firstPreviousHash,
    checkpoints: 0,
    publicKey: undefined,
    signedAt: '',
    lastIsCheckpoint: false,
  };
  const laterSeqs = new Set(parsed.flatMap((line) => (line?.kind === 'event' ? [line.seq] : [])));
  for (const [index, entry] of parsed.entries()) {
    const line = index + 1;
    if (entry === undefined)
      return fail('unreadable', state.seq + 1, line, `line ${line} is not an audit line`);
    const failure =
      entry.kind === 'event'
        ? await checkEvent(entry, state, line, laterSeqs)
        : await checkCheckpoint(entry, state, line, known.publicKey);
    if (failure !== undefined) return failure;
    const changed = checkKnown(state, known.checkpoint, line);
    if (changed !== undefined) return changed;
    if (entry.kind === 'event') laterSeqs.delete(entry.seq);
  }
  if (!state.lastIsCheckpoint || state.publicKey === undefined || state.chain === undefined) {
    return fail(
      'cut',
      state.seq + 1,
      lines.length + 1,
      `the export ends without the checkpoint that closes it`,
    );
  }
  const { chain, seq, hash, checkpoints, publicKey, signedAt } = state;
  if (known.checkpoint !== undefined && known.checkpoint.seq > seq) {
    const { seq: seen } = known.checkpoint;
    const problem = `events ${seq + 1} to ${seen} are missing: they were signed earlier`;
    return fail('cut', seq + 1, lines.length + 1, problem);
  }
  return { ok: true, chain, events: seq, checkpoints, publicKey, hash, signedAt };
}
