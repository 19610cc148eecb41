import { memo, type ReactNode } from 'react';
import { Time } from '../../components/time.tsx';
import { whenText } from '../../components/when.ts';
import { familyNames } from './key-family.ts';
import { type KeyAction, KeyMenu } from './key-menu.tsx';
import { type InventoryKey, KeyState, stateName } from './key-state.tsx';
import classes from './keys.module.css';
import type { KeyPages } from './use-key-pages.ts';

function mayOf({ scopes, level, instance }: InventoryKey): string {
  if (scopes !== null) return scopes.length === 0 ? 'Nothing yet' : scopes.join(', ');
  return level ?? (instance === null ? '' : 'Trigger its workflows');
}

function usedBy({ lastUsed }: InventoryKey): string {
  return [lastUsed?.address, lastUsed?.client].filter(Boolean).join(' · ');
}

/** On a telephone below the name, in two lines: the columns that say it at length are out of sight. */
function shortly({ state, endsAt, lastUsed }: InventoryKey): string {
  const isOver = state === 'revoked' || state === 'expired';
  const ends = endsAt === null || isOver ? '' : `, ends ${whenText(endsAt)}`;
  return `${stateName(state)}${ends}\n${lastUsed === null ? 'Never used' : `Used ${whenText(lastUsed.at)}`}`;
}

/** Two lines of a cell; what does not fit is there on request. */
function Cell({ first, second }: { first: ReactNode; second: string }) {
  return (
    <td>
      <div className={classes.line}>{first}</div>
      <div className={classes.quiet} title={second}>
        {second}
      </div>
    </td>
  );
}

/** What a row can ask for. */
export type OnAct = (item: InventoryKey, action: KeyAction) => void;

/**
 * A key in the list. The heights of all rows are the same. Drawn anew only when something of it changes, and not with
 * each row that comes into sight; of plain elements, since whoever scrolls has six new rows drawn in a frame.
 */
export const KeyRow = memo(function KeyRow({
  pages,
  item,
  index,
  heightPx,
  onAct,
}: {
  pages: KeyPages;
  item: InventoryKey;
  index: number;
  heightPx: number;
  onAct: OnAct;
}) {
  return (
    <tr aria-rowindex={index + 2} style={{ height: heightPx }}>
      <th scope="row" className={classes.name}>
        <a
          className={classes.link}
          href={pages.hrefOf(item.keyId)}
          onClick={(click) => pages.onOpen(item.keyId, click)}
          title={item.name}
        >
          {item.name}
        </a>
        <div className={classes.shown}>{item.shown}</div>
        <div className={classes.shortly} aria-hidden data-text={shortly(item)} />
      </th>
      <Cell first={familyNames[item.family]} second={mayOf(item)} />
      <Cell first={item.environment ?? '–'} second={item.workspace ?? ''} />
      <Cell
        first={<Time at={item.createdAt} />}
        second={`${item.createdBy ?? 'Not known'}${item.createdByDeparted ? ' (has left)' : ''}`}
      />
      <Cell first={<Time at={item.lastUsed?.at ?? null} none="Never" />} second={usedBy(item)} />
      <Cell first={<Time at={item.revokedAt ?? item.endsAt} none="Does not" />} second="" />
      <td>
        <KeyState state={item.state} />
      </td>
      <td className={classes.actions}>
        <KeyMenu item={item} onAct={(action) => onAct(item, action)} />
      </td>
    </tr>
  );
});
