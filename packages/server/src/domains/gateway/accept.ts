import type { LatchkeyError, Scope } from '@latchkey/protocol';
import type { Clock } from '../../platform/clock.ts';
import { createGatherer, decodeScopes, type Store, type Writer } from '../../storage/index.ts';
import { insertExecutions, type NewRow } from '../executions/index.ts';
import type { Entrance } from './entrance.ts';
import {
  forgetMessage,
  holdLiveKeys,
  holdMemberships,
  holdRevisions,
  nameOf,
  rememberMessage,
} from './gateway.sql.ts';
import { type LimitState, spendAll } from './rate-limits.ts';

const neededScope: Scope = 'workflows:trigger';

/** An execution to be begun, by what was known of its instance at a revision. */
export interface Acceptance {
  readonly revision: number;
  readonly entrance: Entrance;
  readonly row: NewRow;
}

/** `stale`: what was known has changed, so that everything has to be looked at again. */
export type Verdict =
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly error: LatchkeyError; readonly limits: readonly LimitState[] }
  | {
      readonly kind: 'accepted';
      readonly executionId: string;
      readonly isRepeat: boolean;
      readonly limits: readonly LimitState[];
    };

/** Puts executions on disk; the answer comes after the commit. */
export interface Acceptor {
  accept(acceptance: Acceptance): Promise<Verdict>;
  /** Whether many callers wait to be answered, or did a moment ago: what can wait should let them go first. */
  isCrowded(): boolean;
}

const crowd = 8;
const crowdedForMs = 50;

const stale: Verdict = { kind: 'stale' };

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].sort();
}

/** A message that came before is no new trigger: it is charged to nobody, and answered also by a spent limit. */
async function admit(trx: Writer, { entrance, row }: Acceptance, now: number): Promise<Verdict> {
  const { message, limits: charged } = entrance;
  const known = message && {
    ...message,
    place: { instanceId: row.instance_id, workflowId: row.workflow_id, digest: message.digest },
  };
  if (known !== undefined) {
    const executionId = await rememberMessage(trx, known.place, row.id, now + known.rememberMs, now);
    if (executionId !== row.id) return { kind: 'accepted', executionId, isRepeat: true, limits: [] };
  }
  const { states: limits, error } = await spendAll(trx, charged, now);
  if (error === undefined) return { kind: 'accepted', executionId: row.id, isRepeat: false, limits };
  if (known !== undefined) await forgetMessage(trx, known.place);
  return { kind: 'refused', error, limits };
}

/**
 * One transaction for all that came in meanwhile: whoever changes an instance, a key or a membership waits for it, or
 * it sees the change. Whatever was refused leaves no trace, so it is decided before the executions are inserted all at once.
 */
async function acceptAll(trx: Writer, all: readonly Acceptance[], now: number): Promise<Verdict[]> {
  const keys = await holdLiveKeys(trx, distinct(all.map(({ entrance }) => entrance.managementKeyId)), now);
  const members = await holdMemberships(
    trx,
    all.flatMap(({ entrance }) => entrance.membership ?? []),
  );
  const revisions = await holdRevisions(trx, distinct(all.map(({ row }) => row.instance_id)));
  function isStale({ revision, row, entrance: { managementKeyId, membership } }: Acceptance): boolean {
    if (revisions.get(row.instance_id) !== revision) return true;
    if (membership !== undefined && !members.has(nameOf(membership))) return true;
    if (managementKeyId === null) return false;
    return !decodeScopes(keys.get(managementKeyId) ?? '[]').includes(neededScope);
  }
  const verdicts: Verdict[] = [];
  for (const acceptance of all)
    verdicts.push(isStale(acceptance) ? stale : await admit(trx, acceptance, now));
  const rows = all.flatMap(({ row }, index) => {
    const verdict = verdicts[index];
    return verdict?.kind === 'accepted' && !verdict.isRepeat ? [row] : [];
  });
  await insertExecutions(trx, rows);
  return verdicts;
}

export function createAcceptor({ store, clock }: { readonly store: Store; readonly clock: Clock }): Acceptor {
  const accept = createGatherer(store, (trx, all: readonly Acceptance[]) => acceptAll(trx, all, clock.now()));
  let waiting = 0;
  let crowdedUntilMs = 0;
  return {
    isCrowded: () => performance.now() < crowdedUntilMs,
    async accept(acceptance) {
      waiting += 1;
      if (waiting >= crowd) crowdedUntilMs = performance.now() + crowdedForMs;
      try {
        return await accept(acceptance);
      } finally {
        waiting -= 1;
      }
    },
  };
}
