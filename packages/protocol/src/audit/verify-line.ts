import { type AuditCheckpoint, type AuditEvent, auditText, checkpointText } from './event.ts';

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

export type Failure = Extract<AuditVerdict, { ok: false }>;

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

/** What has been read of an export so far; the same however long it is. */
export interface State {
  chain: string | undefined;
  seq: number;
  hash: string;
  checkpoints: number;
  publicKey: string | undefined;
  signedAt: string;
  lastIsCheckpoint: boolean;
}

/** A verdict on the first place where something is wrong. */
export function fail(fault: AuditFault, seq: number, line: number, problem: string): Failure {
  return { ok: false, fault, seq, line, problem };
}

/**
 * An event that is not the next one: a second one, or the ones between are missing. Whether these stand elsewhere, the
 * rest of the export says.
 */
function misplaced({ seq }: AuditEvent, state: State, line: number): Failure {
  const expected = state.seq + 1;
  return seq < expected
    ? fail('inserted', seq, line, `a second event ${seq} stands after event ${state.seq}`)
    : fail('dropped', expected, line, `event ${expected} is missing`);
}

/** Checks that an event is the next one of the chain, and takes it for read. */
export async function checkEvent(
  event: AuditEvent,
  state: State,
  line: number,
): Promise<Failure | undefined> {
  if (event.seq !== state.seq + 1) return misplaced(event, state, line);
  const own = event.chain === (state.chain ?? event.chain) && event.previousHash === state.hash;
  if (!own || (await sha256Hex(auditText(event))) !== event.hash) {
    return fail('edited', event.seq, line, `event ${event.seq} is not what was written`);
  }
  Object.assign(state, { chain: event.chain, seq: event.seq, hash: event.hash, lastIsCheckpoint: false });
  return undefined;
}

/** Checks that a checkpoint is signed and says what stands before it, and takes it for read. */
export async function checkCheckpoint(
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
