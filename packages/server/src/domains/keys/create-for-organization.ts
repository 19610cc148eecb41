import type { Input, Output } from '@latchkey/protocol';
import type { Audited } from '../audit/index.ts';
import { boundsOf, requireAuthority } from './authority.ts';
import type { KeyDeps } from './deps.ts';
import { expiryFrom, parseScopes, refuseEscalation } from './keys.rules.ts';
import { mintKey } from './mint.ts';
import type { Principal } from './principal.ts';
import { restrictionsWithin } from './restrictions.ts';

/** Creates a key of an organization, acting as the caller's user, with no scope that the caller lacks and no less bound. */
export async function createForOrganization(
  deps: KeyDeps & Audited,
  principal: Principal,
  input: Input<'keys.createForOrganization'>,
): Promise<Output<'keys.createForOrganization'>> {
  const { organizationId, name, description = '', rateLimit } = input;
  const now = deps.clock.now();
  const scopes = parseScopes(input.scopes, 'organization');
  const expiresAt = expiryFrom(input.expiresInDays, now);
  const { secret, shown } = await deps.store.write(async (trx) => {
    const { grantable } = await requireAuthority(deps, trx, principal, organizationId, now);
    refuseEscalation(scopes, grantable);
    const restrictions = restrictionsWithin(input, await boundsOf(trx, principal));
    const { userId } = principal;
    const minted = await mintKey(
      trx,
      deps,
      {
        family: 'organization',
        name,
        description,
        scopes,
        organizationId,
        userId,
        expiresAt,
        rateLimit,
        restrictions,
      },
      now,
    );
    const details = { name, scopes: scopes.join(' ') };
    await deps.audit.record(trx, { organizationId, id: minted.shown.keyId, details });
    return minted;
  });
  return { ...shown, apiKey: secret, organizationId };
}
