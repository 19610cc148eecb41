import type { Request as Asked, Output } from '@latchkey/protocol';
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { client } from '../../api.ts';

type Page = Output<'audit.list'>;

/** One thing that somebody did, or was refused. */
export type AuditEvent = Page['events'][number];

/** What ids of events are called now. */
export type Names = Page['names'];

/** Which events are shown. */
export type AuditQuestion = Omit<Asked<'audit.list'>, 'limit' | 'cursor'>;

/** The events that a question finds, newest first, a page at a time. */
export function useAudit(question: AuditQuestion): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: ['audit.list', question],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.callOrThrow('audit.list', { ...question, cursor }, { signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: (before) => before,
  });
}
