import type { Request as Asked, Output } from '@latchkey/protocol';
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { client } from '../../api.ts';
import { startOfDay } from '../../components/day.ts';
import type { Filters } from './filters.ts';

type Page = Output<'audit.list'>;

/** One thing that somebody did, or was refused. */
export type AuditEvent = Page['events'][number];

/** What ids of events are called now. */
export type Names = Page['names'];

/** Which events are shown. */
export type AuditQuestion = Omit<Asked<'audit.list'>, 'limit' | 'cursor'>;

/** The question to the server; `until` is a day that is still shown. */
export function questionFrom(organizationId: string, filters: Filters): AuditQuestion {
  const { action, actor, since, until, ...equal } = filters;
  const chosen = Object.entries({
    ...equal,
    action: action.trim(),
    actor: actor.trim(),
    since: startOfDay(since),
    until: startOfDay(until, 1),
  }).filter(([, value]) => value !== '' && value !== undefined);
  // Choices of the fields; what somebody has written into the address the server refuses.
  return { organizationId, ...Object.fromEntries(chosen) } as AuditQuestion;
}

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
