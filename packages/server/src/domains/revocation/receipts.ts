import { toIso } from '../../platform/clock.ts';
import { createJwtSigner } from '../../platform/jwt.ts';
import type { SigningKey } from '../../platform/secrets.ts';
import type { Change, Holder, Receipt } from './revocations.ts';

/** When a change was committed, and when it was over for the last holder; Unix milliseconds. */
interface Course {
  readonly committedAt: number;
  readonly completedAt: number;
}

/**
 * Signs receipts of changes, with the key of principals. The token says what the receipt says, and of which keys; it
 * does not expire, since it tells of what has been.
 */
export function createReceipts(
  key: SigningKey,
  issuer: () => string,
): (change: Change, course: Course, holders: readonly Holder[]) => Receipt {
  const signJwt = createJwtSigner(key, 'revocation-receipt+jwt');
  return ({ seq, keys }, course, holders) => {
    const said = {
      sequence: seq,
      committedAt: toIso(course.committedAt),
      completedAt: toIso(course.completedAt),
      holders: [...holders],
    };
    const claims = { iss: issuer(), iat: Math.floor(course.completedAt / 1000), jti: `revocation/${seq}` };
    const keyIds = [...new Set(keys.map(({ keyId }) => keyId))];
    const signed = signJwt({ ...claims, keyIds, ...said });
    return { ...said, signed };
  };
}
