import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { InventoryQuestion } from './use-inventory.ts';

/** What the fields above the list hold; empty is everything. */
export interface Filters {
  readonly text: string;
  readonly state: string;
  readonly family: string;
  readonly environment: string;
  readonly order: string;
}

const nothingChosen: Filters = {
  text: '',
  state: 'live',
  family: '',
  environment: '',
  order: 'created descending',
};
const typingPauseMs = 200;

function questionOf(organizationId: string, { text, state, family, environment, order }: Filters) {
  const [sort, direction] = order.split(' ');
  const chosen = Object.entries({ family, environment, text: text.trim() }).filter(
    ([, value]) => value !== '',
  );
  // The values are those of the fields, which offer none that the operation does not know.
  return {
    organizationId,
    state,
    sort,
    order: direction,
    ...Object.fromEntries(chosen),
  } as InventoryQuestion;
}

/** What is chosen above the list, and the question that it is, once typing has paused. */
export function useFilters(organizationId: string) {
  const [filters, setFilters] = useState(nothingChosen);
  const [text] = useDebouncedValue(filters.text, typingPauseMs);
  return {
    filters,
    question: questionOf(organizationId, { ...filters, text }),
    isEverything: Object.entries(nothingChosen).every(
      ([name, value]) => name === 'order' || filters[name as keyof Filters] === value,
    ),
    change: (changed: Partial<Filters>) => setFilters((before) => ({ ...before, ...changed })),
    reset: () => setFilters(nothingChosen),
  };
}
