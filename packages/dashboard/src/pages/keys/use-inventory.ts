import type { Request as Asked, Output } from '@latchkey/protocol';
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { client } from '../../api.ts';

const pageSize = 200;

type Page = Output<'keys.inventory'>;

/** Which keys are shown, and in which order. */
export type InventoryQuestion = Omit<Asked<'keys.inventory'>, 'limit' | 'offset'>;

/** The keys that a question finds, a page at a time. */
export function useInventory(question: InventoryQuestion): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: ['keys.inventory', question],
    initialPageParam: 0,
    queryFn: ({ pageParam: offset, signal }) =>
      client.callOrThrow('keys.inventory', { ...question, limit: pageSize, offset }, { signal }),
    getNextPageParam: ({ total }, pages) => {
      const seen = pages.length * pageSize;
      return seen < total ? seen : undefined;
    },
    placeholderData: (before) => before,
  });
}
