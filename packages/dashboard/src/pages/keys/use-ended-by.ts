import { useAsked } from '../../api.ts';
import { useRole } from '../../components/use-role.ts';
import type { InventoryKey } from './key-state.tsx';

/** What has ended or paused a key that is in such a state, as the audit trail names it. */
const actions: Readonly<Partial<Record<InventoryKey['state'], string>>> = {
  revoked: 'key.revoke',
  disabled: 'key.disable',
};

/** Who has revoked or disabled a key: owners and admins may see that. Nothing where it is not known. */
export function useEndedBy(organizationId: string, { keyId, state }: InventoryKey): string | undefined {
  const { isAdmin } = useRole(organizationId);
  const { [state]: action } = actions;
  const question = { organizationId, resource: keyId, outcome: 'done', limit: 1 } as const;
  const { data } = useAsked(
    'audit.list',
    { ...question, ...(action !== undefined && { action }) },
    { enabled: isAdmin && action !== undefined },
  );
  const actor = data?.events[0]?.actor;
  if (actor?.kind !== 'key') return actor?.email ?? undefined;
  return actor.id === keyId ? 'whoever had it' : `the key ${actor.fingerprint ?? actor.id}`;
}
