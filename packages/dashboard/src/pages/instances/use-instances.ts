import type { Request as Asked, Output } from '@latchkey/protocol';
import { useAsked } from '../../api.ts';
import type { Filters } from './filters.ts';

/** An instance as the list has it. */
export type ListedInstance = Output<'instances.list'>['instances'][number];

/** What came of the executions of an instance in the last week. */
export type Statistics = Output<'instances.statistics'>['instances'][number];

/** How many are shown at once. */
export const pageSize = 50;

/** The number of the page that an address names; the first where it names none. */
export function pageOf({ page }: Filters): number {
  const number = Math.trunc(Number(page));
  return number >= 1 ? number : 1;
}

function questionFrom(organizationId: string, filters: Filters): Asked<'instances.list'> {
  const { text, state, environment } = filters;
  const chosen = Object.entries({
    text: text.trim(),
    environment,
    ...(state === 'archived' ? { archived: 'true' } : { state }),
  }).filter(([, value]) => value !== '');
  const offset = (pageOf(filters) - 1) * pageSize;
  // Choices of the fields; what somebody has written into the address the server refuses.
  return { organizationId, limit: pageSize, offset, ...Object.fromEntries(chosen) };
}

/**
 * One page of the instances that the person may see, last executed first, and by id what came of those that ran in the
 * last week.
 */
export function useInstances(organizationId: string, filters: Filters) {
  const listed = useAsked('instances.list', questionFrom(organizationId, filters), { staysMeanwhile: true });
  const statistics = useAsked('instances.statistics', { organizationId });
  return {
    instances: listed.data?.instances,
    total: listed.data?.total,
    statistics: new Map(statistics.data?.instances.map((each) => [each.processInstanceId, each])),
    error: listed.error ?? statistics.error,
    refetch: () => Promise.all([listed.refetch(), statistics.refetch()]),
  };
}
