import type { Role } from '@latchkey/protocol/permissions';
import { managesKeys } from '@latchkey/protocol/permissions';
import { useAsked } from '../api.ts';

/** What the person is in an organization; nothing while that is asked. */
export function useRole(organizationId: string): { role: Role | undefined; isAdmin: boolean } {
  const me = useAsked('sessions.me', {});
  const role = me.data?.organizations.find(({ id }) => id === organizationId)?.role;
  return { role, isAdmin: role !== undefined && managesKeys(role) };
}
