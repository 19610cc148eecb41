import { createHmac } from 'node:crypto';
import { LatchkeyError, type Operation, type OperationId, operations } from '@latchkey/protocol';
import { type Clock, dayMs } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Store, Writer } from '../../storage/index.ts';
import type { AuditedChange } from '../audit/index.ts';
import type { Principal } from '../keys/index.ts';
import { type ClaimRow, dropClaim, findClaim, keepAnswer, takeClaim } from './claims.sql.ts';

/** For how long a request is known by its name. */
const keptMs = dayMs;

/** What doing requests once works with. */
export interface OnceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Pick<Random, 'uuid'>;
  readonly secrets: Pick<Secrets, 'tokenPepper' | 'seal' | 'unseal'>;
  readonly log: Logger;
}

/** A request that names itself by an `Idempotency-Key`, so that a repetition is not done again. */
export interface Once {
  /** Takes the name, in the transaction that makes the change: both commit, or neither. */
  claim(trx: Writer, change: AuditedChange): Promise<void>;
  /** Gives the name back, in the transaction that takes back what was done under it. */
  release(trx: Writer): Promise<void>;
  /**
   * Does the work unless it was done; answers what was answered then, where that can be said again. Throws
   * `IDEMPOTENT_REPLAY` where it cannot, and `IDEMPOTENCY_KEY_REUSED` for another request of the same name.
   */
  perform<Answer>(input: unknown, work: () => Promise<Answer>): Promise<Answer>;
}

/** Thrown out of the transaction of whoever comes second. */
class Taken extends Error {}

function sealPurpose(callId: string): string {
  return `idempotent answer ${callId}`;
}

/** One call of an operation under a name that only its credential knows. */
export function createOnce(
  deps: OnceDeps,
  id: OperationId,
  { keyId, sessionId }: Principal,
  idempotencyKey: string,
): Once {
  const { store, clock, secrets } = deps;
  const { showsSecret = false }: Operation = operations[id];
  const digest = (text: string) =>
    createHmac('sha256', secrets.tokenPepper).update(`idempotency ${text}`).digest('base64url');
  const name = {
    credential: keyId === null ? `session:${sessionId}` : `key:${keyId}`,
    keyDigest: digest(`key ${idempotencyKey}`),
  };
  const callId = deps.random.uuid();
  let requestDigest = '';
  let hasClaimed = false;

  function replay<Answer>(known: ClaimRow): Answer {
    if (known.request_digest !== requestDigest) throw new LatchkeyError('IDEMPOTENCY_KEY_REUSED');
    const { answer_sealed: sealed, action, resource } = known;
    if (sealed === null) throw new LatchkeyError('IDEMPOTENT_REPLAY', { details: { action, id: resource } });
    return JSON.parse(secrets.unseal(sealed, sealPurpose(known.call_id))) as Answer;
  }

  const find = () => findClaim(store.db, name, clock.now());

  /** The change is made whatever becomes of this: a repetition would then be told what was done, and not the answer. */
  async function keep(answer: unknown): Promise<void> {
    if (!hasClaimed || showsSecret) return;
    const sealed = secrets.seal(JSON.stringify(answer), sealPurpose(callId));
    await store
      .write((trx) => keepAnswer(trx, callId, sealed))
      .catch((err) => deps.log.warn({ err }, 'an answer could not be kept for a repetition'));
  }

  return {
    async claim(trx, { action, id: resource }) {
      const now = clock.now();
      const row = {
        credential: name.credential,
        key_digest: name.keyDigest,
        call_id: callId,
        request_digest: requestDigest,
        action,
        resource,
        answer_sealed: null,
        ends_at: now + keptMs,
      };
      if (!(await takeClaim(trx, row, now))) throw new Taken();
      hasClaimed = true;
    },
    release: (trx) => dropClaim(trx, callId),
    async perform(input, work) {
      requestDigest = digest(`request ${id} ${JSON.stringify(input)}`);
      const known = await find();
      if (known !== undefined) return replay(known);
      try {
        const answer = await work();
        await keep(answer);
        return answer;
      } catch (error) {
        // Whoever comes second may also be refused for what the first has just done. A name that this call has taken
        // stays taken where it failed after its commit: a repetition would do it a second time.
        const first = await find();
        if (first !== undefined && first.call_id !== callId) return replay(first);
        throw error instanceof Taken
          ? new LatchkeyError('UNAVAILABLE', { internal: 'done and undone' })
          : error;
      }
    },
  };
}
