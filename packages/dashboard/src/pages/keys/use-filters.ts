import { useAddressFilters } from '../../components/address-filters.ts';
import { daysFromNow } from '../../components/day.ts';
import { type Filters, usualFilters } from './filters.ts';
import type { InventoryQuestion } from './use-inventory.ts';

function questionOf(organizationId: string, filters: Filters) {
  const { text, state, family, environment, order, ends, unused } = filters;
  const [sort, direction] = order.split(' ');
  const chosen = Object.entries({
    family,
    environment,
    text: text.trim(),
    endsBefore: ends === '' ? undefined : daysFromNow(Number(ends)),
    unusedSince: unused === '' ? undefined : daysFromNow(-Number(unused)),
  }).filter(([, value]) => value !== '' && value !== undefined);
  // The values are those of the fields; what somebody has written into the address the server refuses.
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
  const { chosen, settled, holdsKey, change, reset } = useAddressFilters(usualFilters);
  return {
    filters: chosen,
    question: questionOf(organizationId, settled),
    isEverything: Object.entries(usualFilters).every(
      ([name, value]) => name === 'order' || chosen[name as keyof Filters] === value,
    ),
    holdsKey,
    change,
    reset,
  };
}
