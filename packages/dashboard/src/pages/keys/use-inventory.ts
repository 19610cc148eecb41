import type { Request as Asked, Output } from '@latchkey/protocol';
import { useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { questionOf, useAsked } from '../../api.ts';
import type { InventoryKey } from './key-state.tsx';

const pageSize = 200;

type Page = Output<'keys.inventory'>;

/** Which keys are shown, and in which order. */
export type InventoryQuestion = Omit<Asked<'keys.inventory'>, 'limit' | 'offset'>;

/** Rows of the list, from one to another; both count. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** The numbers of the pages that hold rows, but for the first page. */
function laterPages({ first, last }: RowRange): number[] {
  const firstPage = Math.max(1, Math.floor(first / pageSize));
  const count = Math.floor(last / pageSize) - firstPage + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => firstPage + index);
}

/** The pages that are looked at; the same list for as long as they are the same. */
function useLaterPages() {
  const [pages, setPages] = useState<readonly number[]>([]);
  const onNear = useCallback((rows: RowRange) => {
    const next = laterPages(rows);
    setPages((before) => (next.join() === before.join() ? before : next));
  }, []);
  return { pages, onNear };
}

/**
 * The keys that a question finds, as far as they are near the rows that `onNear` was told of: a change has those asked
 * for anew, however far somebody has scrolled. The first page always is, since it says how many there are.
 */
export function useInventory(question: InventoryQuestion) {
  const { pages, onNear } = useLaterPages();
  const askedFor = (page: number) => ({ ...question, limit: pageSize, offset: page * pageSize });
  const first = useAsked('keys.inventory', askedFor(0), { staysMeanwhile: true });
  const later = useQueries({
    queries: pages.map((page) => questionOf('keys.inventory', askedFor(page))),
  });
  const failed = [first, ...later].find(({ error }) => error !== null);
  function pageAt(page: number): Page | undefined {
    return page === 0 ? first.data : later[pages.indexOf(page)]?.data;
  }
  return {
    total: first.data?.total,
    error: failed?.error ?? null,
    refetch: () => failed?.refetch(),
    onNear,
    /** Nothing while it is on its way. */
    keyAt: (row: number): InventoryKey | undefined =>
      pageAt(Math.floor(row / pageSize))?.keys[row % pageSize],
  };
}
