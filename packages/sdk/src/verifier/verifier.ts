import { readForm } from '@latchkey/keys/form';
import {
  type Asked as AskedForLease,
  type Lease,
  mayAnswer,
  mayKeep,
  noLease,
  renewed,
} from '@latchkey/protocol/lease';
import { type Client, type ClientOptions, createClient } from '../client.ts';
import { momentOf, systemClock, type VerifierClock } from './clock.ts';
import { digestOf } from './digest.ts';
import { createFlights } from './flights.ts';
import { createKeyMemory } from './key-memory.ts';
import { type Asked, decide, type KnownKey, knownKey, learnAddress } from './known-key.ts';
import { createLeaseStream, type LeaseStream, type Renewal } from './lease-stream.ts';
import { createServerTime } from './server-time.ts';
import { createTurns } from './turns.ts';
import { type Verdict, verdictFrom, verdictOnNothing } from './verdict.ts';

/** How a verifier remembers. */
export interface MemoryOptions {
  /** Names the verifier in receipts of revocations; each process and each start adds something of its own. */
  readonly id?: string;
  /** How many keys are remembered; 10,000 unless told. */
  readonly maxKeys?: number;
  /** `false` where the runtime freezes between requests: then every verification asks the server. */
  readonly cache?: boolean;
  /** Without a verification for so long, the lease is given back until the next; 30 seconds unless told. */
  readonly idleMs?: number;
  /** For asking the server about one key; 5 seconds unless told. */
  readonly timeoutMs?: number;
  readonly clock?: VerifierClock;
}

/** The key of the API's back end needs the scope `keys:verify`. */
export type VerifierOptions = MemoryOptions & (ClientOptions | { readonly client: Client });

export interface Verifier {
  /**
   * Says who a presented key belongs to and whether it may do what is asked. From memory only while this verifier holds
   * a lease, during which no revocation is answered before it has forgotten the key; else the server is asked.
   *
   * @throws {TransportError} when the server has to be asked and cannot be. Nobody may be let in then.
   * @throws {LatchkeyApiError} when the server refuses to say, such as for a key of the back end that was revoked.
   */
  verify(key: string, asked?: Asked): Promise<Verdict>;
  /** Gives the lease back and stops remembering; what is verified afterwards is asked. */
  close(): Promise<void>;
}

const maxIdLength = 24;
/** What the server takes. */
const maxTokenLength = 2_000;
/** How much longer than it was asked to wait the server may take to renew a lease. */
const renewalGraceMs = 2_000;
const releaseMs = 2_000;

/** Whether the server could know this string: a key that is whole, or a token (three parts, RFC 7515). */
function couldBeKey(text: string): boolean {
  const form = readForm(text);
  if (form.ok || form.reason !== 'unknown-prefix') return form.ok;
  return text.length <= maxTokenLength && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);
}

function newNames(id: string): () => string {
  if (!/^[A-Za-z0-9._:-]+$/.test(id) || id.length > maxIdLength) {
    throw new TypeError(`The id of a verifier has 1 to ${maxIdLength} letters, digits and ._:-`);
  }
  return () => `${id}.${crypto.randomUUID()}`;
}

/** A wait that holds up neither the end of the process nor that of the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer: unknown = setTimeout(resolve, ms);
  (timer as { unref?: () => void }).unref?.();
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
}

function copied(asked: Asked) {
  const { allScopes, anyScope, ...rest } = asked;
  return {
    ...rest,
    ...(allScopes && { allScopes: [...allScopes] }),
    ...(anyScope && { anyScope: [...anyScope] }),
  };
}

/**
 * Makes a verifier. Make one for each process and keep it: what it knows is what makes it fast.
 *
 * @throws {TypeError} when an option cannot be used.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { clock = systemClock, timeoutMs = 5_000, maxKeys = 10_000, cache = true, idleMs = 30_000 } = options;
  const client = 'client' in options ? options.client : createClient(options);
  let lease: Lease = noLease;
  const memory = createKeyMemory(maxKeys);
  const serverTime = createServerTime();
  const flights = createFlights();
  const turns = createTurns();
  const stream: LeaseStream = createLeaseStream({
    held: () => lease,
    renew: (question, signal) =>
      client.callOrThrow('verifiers.renewLease', question, {
        timeoutMs: question.waitMs + renewalGraceMs,
        maxRetries: 0,
        signal,
      }),
    apply,
    drop: () => {
      lease = { ...lease, leaseMs: 0 };
    },
    release: (verifier) => client.call('verifiers.releaseLease', { verifier }, { timeoutMs: releaseMs }),
    newName: newNames(options.id ?? 'sdk'),
    clock,
    idleMs,
    delay: pause,
    random: Math.random,
  });

  function apply(renewal: Renewal, asked: AskedForLease): void {
    const { lease: granted, forget } = renewed(lease, renewal, asked);
    if (forget === 'all') memory.clear();
    else memory.forget(forget);
    serverTime.learn(renewal.now, asked.sentAt.elapsedMs, clock.elapsedMs());
    lease = granted;
  }

  function decideHere(known: KnownKey | undefined, asked: Asked): Verdict | undefined {
    const now = momentOf(clock);
    if (known === undefined || !mayAnswer(lease, now)) return undefined;
    const { elapsedMs } = now;
    return decide(known, asked, serverTime.earliest(elapsedMs), serverTime.latest(elapsedMs));
  }

  async function ask(key: string, digest: string, asked: Asked): Promise<Verdict> {
    const named = cache ? { verifier: stream.name() } : {};
    const answer = await client.callOrThrow(
      'keys.verify',
      { key, ...copied(asked), ...named },
      { timeoutMs },
    );
    const { kept } = answer;
    if (kept !== undefined && mayKeep(lease, kept.asOf)) {
      const nowMs = serverTime.latest(clock.elapsedMs());
      const known = knownKey(answer, kept, nowMs, memory.get(digest));
      learnAddress(known, asked.ip, answer);
      memory.set(digest, known);
    }
    return verdictFrom(answer);
  }

  /** Asks, or waits for somebody who is asking the same and then decides by what is known. */
  async function askOnce(key: string, digest: string, asked: Asked, known: KnownKey | undefined) {
    const facts = known?.facts;
    if (facts?.counting === 'exact') return await ask(key, digest, asked);
    const name = facts?.isBoundToAddresses ? `${digest} ${asked.ip}` : digest;
    const others = mayAnswer(lease, momentOf(clock)) ? flights.ended(name) : undefined;
    if (others !== undefined) {
      await others;
      const here = decideHere(memory.get(digest), asked);
      if (here !== undefined) return here;
    }
    return await flights.run(name, () => ask(key, digest, asked));
  }

  async function verify(key: string, asked: Asked = {}): Promise<Verdict> {
    const elapsedMs = clock.elapsedMs();
    if (turns.isDue(elapsedMs)) await turns.next();
    if (cache) stream.use(elapsedMs);
    const made = digestOf(key);
    const digest = typeof made === 'string' ? made : await made;
    const known = memory.get(digest);
    const here = decideHere(known, asked);
    if (here !== undefined) return here;
    if (!couldBeKey(key)) return verdictOnNothing('MALFORMED');
    return await askOnce(key, digest, asked, known);
  }

  return { verify, close: stream.close };
}
