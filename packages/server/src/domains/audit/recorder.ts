import {
  type AuditActor,
  type AuditFacts,
  type AuditOutcome,
  type AuditRule,
  LatchkeyError,
} from '@latchkey/protocol';
import { type Clock, hourMs } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { Store, Writer } from '../../storage/index.ts';
import { countOne, type Limit, type SpentLimits, windowOf } from '../limits/index.ts';
import { appendToChain, serverChain } from './record.ts';

/** What a call is about, as far as its input does not say it. */
export interface Subject {
  /** The id of what is changed. */
  readonly id: string;
  readonly environment?: string | null;
  /** Slug. */
  readonly workspace?: string | null;
}

/** What a verb says of its change; the call that it belongs to says the rest. */
export interface Change extends Subject {
  /** Whose chain tells of it; null for what belongs to no organization. */
  readonly organizationId: string | null;
  /** Where the change has a name of its own beside that of the call. */
  readonly rule?: AuditRule;
  /** Who it was, where only the call itself has proved it. */
  readonly actor?: AuditActor;
  /** Ids, names and counts; never a secret. */
  readonly details?: AuditFacts['details'];
}

/** Writes down the change of one call. */
export interface Recorder {
  /**
   * Says what the call is about, once that was found: a refusal from here on names it. What a caller wrote and nothing
   * has been found by is not kept, since it could be anything.
   */
  about(subject: Partial<Subject>): void;
  /**
   * Records that the call has made its change, in the transaction that makes it. Call it last: other writers of the
   * organization wait from here on.
   */
  record(trx: Writer, change: Change): Promise<void>;
  /** Says, in the transaction that does so, that the change which was recorded is taken back: the request may be repeated. */
  takeBack(trx: Writer): Promise<void>;
}

/** Of a call that changes nothing. */
export const noRecorder: Recorder = {
  about() {},
  async record() {
    throw new Error('an operation without an audit rule has changed something');
  },
  async takeBack() {},
};

/** What the verbs that change something work with. */
export interface Audited {
  readonly audit: Recorder;
}

/** What recording works with. */
export interface AuditDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Pick<Secrets, 'auditKey'>;
  readonly spentLimits: SpentLimits;
  readonly log: Logger;
}

/** What is known of a call whatever comes of it. */
export interface AuditedCall {
  readonly rule: AuditRule;
  readonly actor: AuditActor;
  readonly address: string | null;
  readonly client: string | null;
  readonly requestId: string | null;
  readonly environment: string | null;
  readonly workspace: string | null;
}

function factsOf(
  { rule, ...call }: AuditedCall,
  subject: Partial<Subject>,
  outcome: AuditOutcome,
  code: string | null,
): AuditFacts {
  const resource = { type: rule.resource, id: subject.id ?? null };
  const { environment = call.environment, workspace = call.workspace } = subject;
  return { ...call, action: rule.action, resource, environment, workspace, outcome, code, details: {} };
}

/** Whoever proves nothing cannot fill the disk: of one address, so many refusals an hour are kept. */
function refusalsKept(address: string | null): Limit {
  return { name: `audit-refusals ${address ?? 'unknown'}`, limit: 100, windowMs: hourMs };
}

/** Whether one more refusal of an address is kept; what is not is remembered, and costs nothing more. */
async function isRefusalKept(
  { spentLimits }: AuditDeps,
  trx: Writer,
  limit: Limit,
  now: number,
): Promise<boolean> {
  if (await countOne(trx, limit, now)) return true;
  spentLimits.note(limit, ((await windowOf(trx, limit.name))?.endsAt ?? now) - now);
  return false;
}

/**
 * Records what came of a call that changed nothing, in a transaction of its own. When that fails it is logged, and the
 * caller still learns why they were refused.
 */
async function recordRefusal(
  deps: AuditDeps,
  facts: AuditFacts,
  chainOfRefusal: () => Promise<string>,
): Promise<void> {
  const now = deps.clock.now();
  const isAnonymous = facts.actor.kind === 'anonymous';
  const limit = refusalsKept(facts.address);
  if (isAnonymous && deps.spentLimits.leftMs(limit) > 0) return;
  try {
    const chain = await chainOfRefusal();
    await deps.store.write(async (trx) => {
      const isKept = !isAnonymous || (await isRefusalKept(deps, trx, limit, now));
      if (isKept) await appendToChain(trx, deps.secrets, chain, facts, now);
    });
  } catch (err) {
    const { action, code } = facts;
    deps.log.error({ err, action, code }, 'a refusal could not be recorded');
  }
}

/** A change as its audit event names it. */
export interface AuditedChange {
  readonly action: string;
  /** The id of what was changed. */
  readonly id: string;
}

/** A call that is to leave an audit event. */
export interface CallToAudit<Result> {
  /** Asked when there is something to record: by then the input may have been read. */
  describe(): AuditedCall;
  /** The chain that tells of it when it is refused. */
  chainOfRefusal(): Promise<string>;
  work(audit: Recorder): Promise<Result>;
  /** Takes part in the transaction that makes a change; what it throws undoes the change. */
  claim?: ((trx: Writer, change: AuditedChange) => Promise<void>) | undefined;
  /** Takes part in the transaction that takes a change back. */
  release?: ((trx: Writer) => Promise<void>) | undefined;
}

/** Runs a call with a recorder of its own; what it is refused with is recorded before it is passed on. */
export async function audited<Result>(
  deps: AuditDeps,
  { describe, chainOfRefusal, work, claim, release }: CallToAudit<Result>,
): Promise<Result> {
  let subject: Partial<Subject> = {};
  const recorder: Recorder = {
    about(known) {
      subject = known;
    },
    async record(trx, { organizationId, rule, actor, details = {}, ...changed }) {
      const call = describe();
      const facts = factsOf({ ...call, rule: rule ?? call.rule }, { ...subject, ...changed }, 'done', null);
      await claim?.(trx, { action: facts.action, id: changed.id });
      const told = { ...facts, actor: actor ?? facts.actor, details };
      await appendToChain(trx, deps.secrets, organizationId ?? serverChain, told, deps.clock.now());
    },
    async takeBack(trx) {
      await release?.(trx);
    },
  };
  try {
    return await work(recorder);
  } catch (error) {
    const { code, status } = error instanceof LatchkeyError ? error : new LatchkeyError('INTERNAL');
    // What was asked for and not found stands in no event: it could be anything.
    const call = { ...describe(), workspace: null };
    const facts = factsOf(call, subject, status < 500 ? 'refused' : 'failed', code);
    // A database that takes no write does not take this one either; waiting for it would only take longer.
    if (code !== 'UNAVAILABLE') await recordRefusal(deps, facts, chainOfRefusal);
    throw error;
  }
}
