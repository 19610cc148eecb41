import { Table, Text, VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Time } from '../../components/time.tsx';
import { KeyMenu } from './key-menu.tsx';
import { type InventoryKey, KeyState } from './key-state.tsx';
import classes from './keys.module.css';
import type { Ending } from './use-ending.ts';

const rowHeightPx = 56;
/** How many rows before the end of what is there the next page is asked for. */
const aheadRows = 40;

const families: Readonly<Record<InventoryKey['family'], string>> = {
  organization: 'Organization',
  personal: 'Personal',
  environment: 'Environment',
  instance: 'Instance',
};

function mayOf({ scopes, level, instance }: InventoryKey): string {
  if (scopes !== null) return scopes.length === 0 ? 'Nothing yet' : scopes.join(', ');
  return level ?? instance?.title ?? '';
}

/** What a row can ask for. */
export type OnEnd = (item: InventoryKey, ending: Ending) => void;

function Row({ item, index, onEnd }: { item: InventoryKey; index: number; onEnd: OnEnd }) {
  return (
    <Table.Tr aria-rowindex={index + 2} h={rowHeightPx}>
      <Table.Td>
        <Text size="sm" fw={600} truncate>
          {item.name}
        </Text>
        <Text size="xs" ff="monospace" truncate>
          {item.shown}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{families[item.family]}</Text>
        <Text size="xs" c="dimmed" truncate title={mayOf(item)}>
          {mayOf(item)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm">{[item.environment, item.workspace].filter(Boolean).join(' / ') || '–'}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" truncate>
          {item.createdBy ?? 'Nobody'}
          {item.createdByDeparted && ' (has left)'}
        </Text>
        <Text size="xs" c="dimmed">
          <Time at={item.createdAt} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm">
          <Time at={item.lastUsed?.at ?? null} none="Never" />
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {[item.lastUsed?.address, item.lastUsed?.client].filter(Boolean).join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <KeyState state={item.state} />
      </Table.Td>
      <Table.Td>
        <KeyMenu item={item} onEnd={(ending) => onEnd(item, ending)} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Stands for the rows before or behind those that are in the page. */
function Gap({ heightPx }: { heightPx: number }) {
  return heightPx > 0 ? <Table.Tr aria-hidden h={heightPx} /> : null;
}

/** Ten thousand keys scroll as smoothly as ten: only what is seen is in the page. */
export function KeyRows({
  keys,
  total,
  onMore,
  onEnd,
}: {
  keys: readonly InventoryKey[];
  total: number;
  onMore: () => void;
  onEnd: OnEnd;
}) {
  const scrolled = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scrolled.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1);
  const lastIndex = last?.index ?? 0;
  useEffect(() => {
    if (lastIndex + aheadRows >= keys.length && keys.length < total) onMore();
  }, [lastIndex, keys.length, total, onMore]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section ref={scrolled} className={classes.scrolled} tabIndex={0} aria-label="Keys">
      <Table aria-rowcount={total + 1} layout="fixed" stickyHeader>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th>Name</Table.Th>
            <Table.Th>Kind and what it may</Table.Th>
            <Table.Th visibleFrom="sm">Where</Table.Th>
            <Table.Th visibleFrom="sm">Made by</Table.Th>
            <Table.Th visibleFrom="sm">Last used</Table.Th>
            <Table.Th className={classes.state}>State</Table.Th>
            <Table.Th className={classes.actions}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Gap heightPx={shown[0]?.start ?? 0} />
          {shown.map(({ index, key }) => {
            const item = keys[index];
            return item && <Row key={key} item={item} index={index} onEnd={onEnd} />;
          })}
          <Gap heightPx={rows.getTotalSize() - (last?.end ?? 0)} />
        </Table.Tbody>
      </Table>
    </section>
  );
}
