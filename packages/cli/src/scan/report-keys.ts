import { type Api, apiOf } from '../api.ts';
import type { Context } from '../command.ts';
import { type Failure, writeFailure } from '../failure.ts';
import { clean } from '../output.ts';
import type { ServerAddress } from '../server-address.ts';
import type { PlacedFinding, Tally } from './tally.ts';

/** What came of reporting one key. */
export interface Reported {
  readonly keyPrefix: string;
  readonly fingerprint: string | null;
  /** Whether the report ended it. */
  readonly revoked: boolean;
  readonly revokedAt: string | null;
  readonly error: Failure['error'] | null;
}

const longestPlace = 500;

/** What its owner is told; of standard input nobody knows where it came from. */
function placeOf({ path, line }: PlacedFinding): string | undefined {
  return path === '-' ? undefined : clean(`${path.slice(-400)}:${line}`).slice(0, longestPlace);
}

async function reportKey(api: Api, key: string, finding: PlacedFinding): Promise<Reported | Failure> {
  const { keyPrefix, fingerprint } = finding;
  const answer = await api.call('keys.reportLeaked', { key, foundAt: placeOf(finding) });
  if (answer.success) {
    const { revoked, revokedAt } = answer.data;
    return { keyPrefix, fingerprint, revoked, revokedAt, error: null };
  }
  if (answer.status === 0) return answer;
  return { keyPrefix, fingerprint, revoked: false, revokedAt: null, error: answer.error };
}

/**
 * Presents each key to the server, which ends those that are its own. Goes on after a refusal, since another key may
 * still be ended; ends where the server cannot be reached, and says so.
 */
export async function reportKeys(
  context: Context,
  server: ServerAddress,
  keys: Tally['keys'],
): Promise<Reported[]> {
  const api = apiOf(context, server);
  const reported: Reported[] = [];
  for (const [key, finding] of keys) {
    const outcome = await reportKey(api, key, finding);
    if ('success' in outcome) {
      writeFailure(context.terminal, outcome);
      break;
    }
    reported.push(outcome);
  }
  return reported;
}
