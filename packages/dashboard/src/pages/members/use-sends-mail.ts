import { useAsked } from '../../api.ts';

/**
 * Whether the server sends mail; one that does not keeps it for whoever sits at its machine. Only owners and admins are
 * told, who alone invite: taken to be so until they are.
 */
export function useSendsMail(organizationId: string, isAdmin: boolean): boolean {
  const { data } = useAsked('organizations.settings', { organizationId }, { enabled: isAdmin });
  return data?.settings.find(({ name }) => name === 'mail')?.value !== null;
}

/** Where the mail to an address is kept by a server that sends none. */
export function mailboxOf(email: string): string {
  return `/local/mailbox/${encodeURIComponent(email)}`;
}
