import type { Output } from '@latchkey/protocol';
import { useAsked } from '../../api.ts';

/** An instance as the list has it. */
export type ListedInstance = Output<'instances.list'>['instances'][number];

/** What came of the executions of an instance in the last week. */
export type Statistics = Output<'instances.statistics'>['instances'][number];

/** The list answers no more at once; last executed come first. */
export const mostListed = 100;

/** The instances that the person may see, and by id what came of those that ran in the last week. */
export function useInstances(organizationId: string) {
  const listed = useAsked('instances.list', { organizationId, limit: mostListed });
  const statistics = useAsked('instances.statistics', { organizationId });
  return {
    instances: listed.data?.instances,
    statistics: new Map(statistics.data?.instances.map((each) => [each.processInstanceId, each])),
    error: listed.error ?? statistics.error,
    refetch: () => Promise.all([listed.refetch(), statistics.refetch()]),
  };
}
