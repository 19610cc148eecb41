import { Group, Text } from '@mantine/core';
import { ActButton } from './form/act-button.tsx';

/**
 * Which part of a list is shown, and the way to the parts beside it; nothing where all of it is. `page` counts from 1.
 * Whoever goes on begins at the top again.
 */
export function Pager({
  label,
  page,
  pageSize,
  total,
  onPage,
}: {
  label: string;
  page: number;
  pageSize: number;
  total: number;
  onPage: (page: number) => void;
}) {
  const before = (page - 1) * pageSize;
  if (total <= pageSize) return null;
  const last = Math.min(before + pageSize, total);
  function go(next: number): void {
    onPage(next);
    window.scrollTo(0, 0);
  }
  return (
    <Group component="nav" aria-label={label} gap="sm">
      <ActButton variant="default" disabled={page <= 1} onClick={() => go(page - 1)}>
        Previous
      </ActButton>
      <ActButton variant="default" disabled={last >= total} onClick={() => go(page + 1)}>
        Next
      </ActButton>
      <Text role="status" size="sm">
        {`${(before + 1).toLocaleString('en')} to ${last.toLocaleString('en')} of ${total.toLocaleString('en')}`}
      </Text>
    </Group>
  );
}
