import type { KeyProfile, SessionProfile } from '../config/profile.ts';
import { type Label, localDate } from '../output.ts';

type KeyFacts = Pick<KeyProfile, 'organizationId' | 'organizationName' | 'keyName' | 'scopes' | 'expiresAt'>;

/** `name (id)`, or whichever of the two is known. */
export function organizationText({ organizationName, organizationId }: KeyFacts): string | undefined {
  if (organizationName === undefined) return organizationId;
  return organizationId === undefined ? organizationName : `${organizationName} (${organizationId})`;
}

/** The lines about a key in the order of contract/codika.md G.7.1; `key` is already masked. */
export function keyLabels(facts: KeyFacts, key: string, now: Date): Label[] {
  const { keyName, scopes, expiresAt } = facts;
  const isExpired = expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
  return [
    ['Organization', organizationText(facts)],
    ['Key name', keyName],
    ['Key', key],
    ['Scopes', scopes === undefined || scopes.length === 0 ? undefined : scopes.join(', ')],
    [
      'Expires',
      expiresAt === undefined ? undefined : `${localDate(expiresAt)}${isExpired ? ' [EXPIRED]' : ''}`,
    ],
  ];
}

/** The lines about where a signed-in person works. */
export function contextLabels(profile: Omit<SessionProfile, 'type' | 'baseUrl'>): Label[] {
  return [
    ['User', profile.email],
    ['Organization', organizationText(profile)],
    ['Role', profile.role],
    ['Environment', profile.environment],
    ['Workspace', profile.workspace],
  ];
}
