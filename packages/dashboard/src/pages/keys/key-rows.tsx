import { Table, VisuallyHidden } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { KeyRow, type OnAct } from './key-row.tsx';
import type { InventoryKey } from './key-state.tsx';
import classes from './keys.module.css';
import type { RowRange } from './use-inventory.ts';

const rowHeightPx = 57;
/** How many rows before and behind those in the page are asked for with them. */
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
        <Table.Th className={classes.time}>Made</Table.Th>
        <Table.Th className={classes.time}>Last used</Table.Th>
        <Table.Th className={classes.time}>Ends</Table.Th>
        <Table.Th className={classes.state}>State</Table.Th>
        <Table.Th className={classes.actions}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}

/** A key that is on its way. */
function Awaited({ index }: { index: number }) {
  return (
    <Table.Tr aria-rowindex={index + 2} h={rowHeightPx}>
      <Table.Td colSpan={8} c="dimmed">
        Loading…
      </Table.Td>
    </Table.Tr>
  );
}

/**
 * What tells each row from the others, in their order. A row belongs to its key, so that the focus does not go on to
 * another one when a key goes; one that two pages hold, of which one is older, is one row and then a place.
 */
function rowNames(indexes: readonly number[], keyAt: (index: number) => InventoryKey | undefined) {
  const ids = indexes.map((index) => keyAt(index)?.keyId);
  return indexes.map((index, at) => (ids.indexOf(ids[at]) === at ? (ids[at] ?? index) : index));
}

/** Ten thousand keys scroll as smoothly as ten: only what is seen is in the page. `onNear` learns what that is. */
export function KeyRows({
  organizationId,
  keyAt,
  total,
  onNear,
  onAct,
}: {
  organizationId: string;
  keyAt: (index: number) => InventoryKey | undefined;
  total: number;
  onNear: (rows: RowRange) => void;
  onAct: OnAct;
}) {
  const scrolled = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scrolled.current,
    estimateSize: () => rowHeightPx,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    onNear({ first: Math.max(0, first - aheadRows), last: Math.min(last + aheadRows, total - 1) });
  }, [first, last, total, onNear]);
  const indexes = shown.map(({ index }) => index);
  const names = rowNames(indexes, keyAt);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section ref={scrolled} className={classes.scrolled} tabIndex={0} aria-label="Keys">
      <Table className={classes.table} aria-rowcount={total + 1} layout="fixed" stickyHeader>
        <Head />
        <Table.Tbody>
          <Gap heightPx={shown[0]?.start ?? 0} />
          {indexes.map((index, at) => {
            const item = keyAt(index);
            if (item === undefined) return <Awaited key={names[at]} index={index} />;
            const row = { organizationId, index, heightPx: rowHeightPx, onAct };
            return <KeyRow key={names[at]} item={item} {...row} />;
          })}
          <Gap heightPx={rows.getTotalSize() - (shown.at(-1)?.end ?? 0)} />
        </Table.Tbody>
      </Table>
    </section>
  );
}
