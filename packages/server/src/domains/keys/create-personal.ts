import { type Input, LatchkeyError, type Output, type Scope } from '@latchkey/protocol';
import type { Reader } from '../../storage/index.ts';
import { findUser, normalizeEmail } from '../accounts/index.ts';
import type { Audited } from '../audit/index.ts';
import { boundsOf, requireLive } from './authority.ts';
import type { KeyDeps } from './deps.ts';
import { expiryFrom, parseScopes, refuseEscalation, scopesOfFamily } from './keys.rules.ts';
import { mintKey } from './mint.ts';
import type { Principal } from './principal.ts';
import { restrictionsWithin } from './restrictions.ts';

/** An admin key names the user; a personal key or a session is its user's and can name nobody else. */
async function holderId(db: Reader, principal: Principal, email: string | undefined): Promise<string> {
  if (principal.family === 'admin') {
    const user = await findUser(db, normalizeEmail(email));
    if (user === undefined) throw new LatchkeyError('USER_NOT_FOUND');
    return user.id;
  }
  const user = email === undefined ? undefined : await findUser(db, normalizeEmail(email));
  if (email !== undefined && user?.id !== principal.userId) throw new LatchkeyError('USER_NOT_FOUND');
  if (principal.userId === null) throw new Error('a personal key and a session have a user');
  return principal.userId;
}

/** Creates a personal key: by an admin key for any user, by a personal key or session for its own within its scopes. */
export async function createPersonal(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'keys.createPersonal'>,
): Promise<Output<'keys.createPersonal'>> {
  const { name, description = '' } = input;
  const now = deps.clock.now();
  const scopes = parseScopes(input.scopes, 'personal');
  const expiresAt = expiryFrom(input.expiresInDays, now);
  const grantable = new Set<Scope>(
    principal.family === 'admin' ? scopesOfFamily('personal') : principal.scopes,
  );
  refuseEscalation(scopes, grantable);
  const { secret, shown } = await deps.store.write(async (trx) => {
    await requireLive(deps, trx, principal, now);
    const restrictions = restrictionsWithin(input, await boundsOf(trx, principal));
    const userId = await holderId(trx, principal, input.email);
    const request = {
      family: 'personal',
      name,
      description,
      scopes,
      organizationId: null,
      userId,
      expiresAt,
      restrictions,
    } as const;
    const minted = await mintKey(trx, deps, request, now);
    const details = { name, scopes: scopes.join(' '), holder: userId };
    await deps.audit.record(trx, { organizationId: null, id: minted.shown.keyId, details });
    return minted;
  });
  return { ...shown, apiKey: secret };
}
