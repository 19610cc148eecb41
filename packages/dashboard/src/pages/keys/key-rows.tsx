import { Table, VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { KeyRow, type OnAct } from './key-row.tsx';
import type { InventoryKey } from './key-state.tsx';
import classes from './keys.module.css';

const rowHeightPx = 57;
/** How many rows before the end of what is there the next page is asked for. */
const aheadRows = 40;

/** Stands for the rows before or behind those that are in the page. */
function Gap({ heightPx }: { heightPx: number }) {
  return heightPx > 0 ? <Table.Tr aria-hidden h={heightPx} /> : null;
}

function Head() {
  return (
    <Table.Thead>
      <Table.Tr aria-rowindex={1}>
        <Table.Th className={classes.name}>Name</Table.Th>
        <Table.Th>Kind and what it may</Table.Th>
        <Table.Th className={classes.where}>Where</Table.Th>
        <Table.Th>Made</Table.Th>
        <Table.Th>Last used</Table.Th>
        <Table.Th className={classes.ends}>Ends</Table.Th>
        <Table.Th className={classes.state}>State</Table.Th>
        <Table.Th className={classes.actions}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}

/** Ten thousand keys scroll as smoothly as ten: only what is seen is in the page. */
export function KeyRows({
  organizationId,
  keys,
  total,
  onMore,
  onAct,
}: {
  organizationId: string;
  keys: readonly InventoryKey[];
  total: number;
  onMore: () => void;
  onAct: OnAct;
}) {
  const scrolled = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scrolled.current,
    // A row belongs to its key: the focus does not go on to another one when a key goes.
    getItemKey: (index) => keys[index]?.keyId ?? index,
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
      <Table className={classes.table} aria-rowcount={total + 1} layout="fixed" stickyHeader>
        <Head />
        <Table.Tbody>
          <Gap heightPx={shown[0]?.start ?? 0} />
          {shown.map(({ index, key }) => {
            const item = keys[index];
            const row = { organizationId, index, heightPx: rowHeightPx, onAct };
            return item && <KeyRow key={key} item={item} {...row} />;
          })}
          <Gap heightPx={rows.getTotalSize() - (last?.end ?? 0)} />
        </Table.Tbody>
      </Table>
    </section>
  );
}
