import { VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { KeyRow, type OnAct } from './key-row.tsx';
import type { InventoryKey } from './key-state.tsx';
import classes from './keys.module.css';
import type { RowRange } from './use-inventory.ts';
import { useKeyPages } from './use-key-pages.ts';

/** The width of a telephone, as the styles have it; there a row has two lines more. */
const isNarrowQuery = '(max-width: 36em)';
const rowHeightsPx = { usual: 57, narrow: 92 };
/** How many rows before and behind those in the page are asked for with them. */
const aheadRows = 40;

/** Stands for the rows before or behind those that are in the page. */
function Gap({ heightPx }: { heightPx: number }) {
  return heightPx > 0 ? <tr aria-hidden style={{ height: heightPx }} /> : null;
}

function Head() {
  return (
    <thead className={classes.head}>
      <tr aria-rowindex={1}>
        <th className={classes.name}>Name</th>
        <th>Kind and what it may</th>
        <th className={classes.where}>Where</th>
        <th className={classes.time}>Made</th>
        <th className={classes.time}>Last used</th>
        <th className={classes.time}>Ends</th>
        <th className={classes.state}>State</th>
        <th className={classes.actions}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
}

/** A key that is on its way. */
function Awaited({ index, heightPx }: { index: number; heightPx: number }) {
  return (
    <tr aria-rowindex={index + 2} style={{ height: heightPx }}>
      <td colSpan={8} className={classes.awaited}>
        Loading…
      </td>
    </tr>
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
  const pages = useKeyPages(organizationId);
  const isNarrow = useMediaQuery(isNarrowQuery, false, { getInitialValueInEffect: false });
  const heightPx = isNarrow ? rowHeightsPx.narrow : rowHeightsPx.usual;
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scrolled.current,
    estimateSize: () => heightPx,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: all rows are another height now
  useEffect(() => rows.measure(), [heightPx, rows]);
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
      <table className={classes.table} aria-rowcount={total + 1}>
        <Head />
        <tbody>
          <Gap heightPx={shown[0]?.start ?? 0} />
          {indexes.map((index, at) => {
            const item = keyAt(index);
            // That which another page holds too is an older answer of what has become of this row.
            const isOlder = names[at] === index;
            if (item === undefined || isOlder)
              return <Awaited key={names[at]} index={index} heightPx={heightPx} />;
            const row = { pages, index, heightPx, onAct };
            return <KeyRow key={names[at]} item={item} {...row} />;
          })}
          <Gap heightPx={rows.getTotalSize() - (shown.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </section>
  );
}
