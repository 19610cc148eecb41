import type { Output } from '@latchkey/protocol';
import { toIso } from '../../platform/clock.ts';
import type { Store } from '../../storage/index.ts';
import { membershipsOf } from '../accounts/index.ts';
import type { Session } from '../keys/index.ts';

/** Says who is signed in, and where they belong. */
export async function me(deps: { store: Store }, session: Session): Promise<Output<'sessions.me'>> {
  const memberships = await membershipsOf(deps.store.db, session.userId);
  return {
    userId: session.userId,
    email: session.email,
    organizations: memberships.map(({ organizationId, organizationName, role }) => ({
      id: organizationId,
      name: organizationName,
      role,
    })),
    signedInAt: toIso(session.signedInAt),
    expiresAt: toIso(session.expiresAt),
  };
}
