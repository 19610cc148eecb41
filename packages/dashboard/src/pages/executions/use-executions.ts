import type { Request as Asked, Output } from '@latchkey/protocol';
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { client } from '../../api.ts';
import { startOfDay } from '../../components/day.ts';
import type { Filters } from './filters.ts';

type Page = Output<'executions.listOfOrganization'>;

/** An execution as the list shows it. */
export type ListedExecution = Page['executions'][number];

type Question = Omit<Asked<'executions.listOfOrganization'>, 'limit' | 'cursor'>;

const pageSize = 50;
/** Per page that is shown: each of them is asked for again. */
const lookEveryMs = 3_000;

/** The question to the server; `until` is a day that is still shown. */
export function questionFrom(organizationId: string, filters: Filters): Question {
  const { instance, workflow, status, environment, method, from, until } = filters;
  const chosen = Object.entries({
    processInstanceId: instance,
    workflowId: workflow.trim(),
    status,
    environment,
    method,
    from: startOfDay(from),
    until: startOfDay(until, 1),
  }).filter(([, value]) => value !== '' && value !== undefined);
  // Choices of the fields; what somebody has written into the address the server refuses.
  return { organizationId, ...Object.fromEntries(chosen) } as Question;
}

/** The executions that a question finds, newest first, kept up to date while the page can be seen. */
export function useExecutions(question: Question): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: ['executions.listOfOrganization', question],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.callOrThrow(
        'executions.listOfOrganization',
        { ...question, limit: pageSize, cursor },
        { signal },
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => lookEveryMs * (state.data?.pages.length ?? 1),
  });
}
