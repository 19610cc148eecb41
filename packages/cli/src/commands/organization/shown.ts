import type { Output } from '@latchkey/protocol';
import { type Label, localDate } from '../../output.ts';

/** What is known of an organization, for people. */
export function labelsOf(organization: Output<'organizations.get'>): Label[] {
  const { organizationId, name, description, size, logo, logoUrl, createdAt } = organization;
  return [
    ['Organization ID', organizationId],
    ['Name', name],
    ['Description', description === '' ? undefined : description],
    ['People', size ?? undefined],
    ['Logo', logo?.path ?? logoUrl ?? undefined],
    ['Created', localDate(createdAt)],
  ];
}
