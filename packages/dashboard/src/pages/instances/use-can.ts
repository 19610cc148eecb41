import { type Scope, scopesOfRole } from '@latchkey/protocol/permissions';
import { useRole } from '../../components/use-role.ts';

/** Whether the person's role holds a scope; the server decides, this saves them a refusal. */
export function useCan(organizationId: string, scope: Scope): boolean {
  const { role } = useRole(organizationId);
  return role !== undefined && scopesOfRole(role).includes(scope);
}
