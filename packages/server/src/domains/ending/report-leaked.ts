import { redactKeys } from '@latchkey/keys';
import { type Input, LatchkeyError, type Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Audited } from '../audit/index.ts';
import { type AuthenticatedKey, changeKeys, revokedAtOf, whereKnown } from '../keys/index.ts';
import type { EndingDeps } from './deps.ts';
import { endKey } from './end-key.ts';
import { emptyReports, emptyReportsPerAddress } from './ending.rules.ts';
import { tellOwners } from './tell-owners.ts';

type Report = Input<'keys.reportLeaked'>;
type Reported = Output<'keys.reportLeaked'>;

/**
 * The key that a string is, undefined for none. What the string says of itself takes no look-up: only a whole key with a
 * right checksum does, and one that was looked for a moment ago does not either.
 */
async function find({ knownKeys }: EndingDeps, key: string): Promise<AuthenticatedKey['row'] | undefined> {
  const known = await knownKeys.find(key);
  if (known.kind !== 'malformed') return known.kind === 'key' ? known.row : undefined;
  throw new LatchkeyError('INVALID_REQUEST', {
    details: { problem: 'key: is not a whole key of Latchkey.' },
    internal: known.parsed.reason,
  });
}

/** A key that never was and one that has ended are answered alike, and count alike. */
async function answerEmpty({ store, spentLimits }: EndingDeps, address: string): Promise<Reported> {
  await spentLimits.spendAll(store, [
    { limit: emptyReportsPerAddress(address), code: 'IP_RATE_LIMITED' },
    { limit: emptyReports, code: 'UNAVAILABLE' },
  ]);
  return { revoked: false, revokedAt: null };
}

async function endFound(
  deps: EndingDeps & Audited,
  row: AuthenticatedKey['row'],
  foundAt: string | undefined,
): Promise<number | undefined> {
  const { id, name, organization_id: organizationId, environment } = row;
  const details = { name, ...(foundAt !== undefined && { foundAt }) };
  const { answer } = await changeKeys(deps, async (trx) => {
    const now = deps.clock.now();
    if (!(await endKey(trx, row, now))) return { answer: undefined, changed: [] };
    const changed = await whereKnown(trx, row);
    await deps.audit.record(trx, { organizationId, id, environment, details });
    return { answer: now, changed };
  });
  return answer;
}

/**
 * Ends a key that was found in the open and tells its owners. The key itself is the proof: it is ended whoever says so,
 * disabled or expired as it may be, and however much else the same address has sent. The mail follows the commit and
 * cannot undo it. Throws `IP_RATE_LIMITED` for too many reports that end nothing.
 */
export async function reportLeaked(
  deps: EndingDeps & Audited,
  report: Report,
  address: string,
): Promise<Reported> {
  const found = await find(deps, report.key);
  if (found === undefined || revokedAtOf(found, deps.clock.now()) !== undefined) {
    return answerEmpty(deps, address);
  }
  // The line in which a key was found often holds it.
  const foundAt = report.foundAt === undefined ? undefined : redactKeys(report.foundAt);
  deps.audit.about({ id: found.id, environment: found.environment });
  const revokedAt = await endFound(deps, found, foundAt);
  if (revokedAt === undefined) return answerEmpty(deps, address);
  await tellOwners(deps, found, { revokedAt, foundAt });
  return { revoked: true, revokedAt: toIso(revokedAt) };
}
