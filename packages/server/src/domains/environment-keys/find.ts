import { environmentPrefixes } from '@latchkey/keys';
import { LatchkeyError } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Reader } from '../../storage/index.ts';
import type { Place } from '../workspaces/index.ts';
import { stateOf } from './environment-keys.rules.ts';
import { type EnvironmentKey, findByFingerprint, findByName } from './environment-keys.sql.ts';

const maxCandidates = 20;

/** The fingerprint that a handle of this environment stands for; anything else as it is. */
function fingerprintIn(text: string, { environment }: Place): string {
  const prefix = environmentPrefixes[environment];
  if (!text.startsWith(prefix)) return text;
  return text.slice(prefix.length).replace(/^([0-9a-f]{4})_([0-9a-f]{4})$/, '$1...$2');
}

function ambiguous(keys: readonly EnvironmentKey[]): LatchkeyError {
  const candidates = keys.slice(0, maxCandidates).map((key) => ({
    fingerprint: key.fingerprint,
    workspace: key.workspace,
    level: key.level,
    createdAt: toIso(key.created_at),
  }));
  return new LatchkeyError('KEY_NAME_AMBIGUOUS', { details: { candidates } });
}

/**
 * The key that a person means: by fingerprint (shown or whole) or handle first, then by a name that one valid key
 * has, or one key at all where none is valid (contract/culvii.md D.4). Throws `ENVIRONMENT_KEY_NOT_FOUND` and
 * `KEY_NAME_AMBIGUOUS`.
 */
export async function requireKey(
  db: Reader,
  place: Place,
  fingerprintOrName: string,
  now: number,
): Promise<EnvironmentKey> {
  const byFingerprint = await findByFingerprint(db, place, fingerprintIn(fingerprintOrName, place));
  if (byFingerprint !== undefined) return byFingerprint;
  const named = await findByName(db, place, fingerprintOrName);
  const valid = named.filter((key) => stateOf(key, now) !== 'revoked');
  const [key, second] = valid.length > 0 ? valid : named;
  if (key === undefined) throw new LatchkeyError('ENVIRONMENT_KEY_NOT_FOUND');
  if (second !== undefined) throw ambiguous(valid.length > 0 ? valid : named);
  return key;
}
