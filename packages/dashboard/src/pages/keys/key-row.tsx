import { Table, Text } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { PageLink } from '../../components/page-link.tsx';
import { Time } from '../../components/time.tsx';
import { whenText } from '../../components/when.ts';
import { familyNames } from './key-family.ts';
import { type KeyAction, KeyMenu } from './key-menu.tsx';
import { type InventoryKey, KeyState, stateName } from './key-state.tsx';
import classes from './keys.module.css';

function mayOf({ scopes, level, instance }: InventoryKey): string {
  if (scopes !== null) return scopes.length === 0 ? 'Nothing yet' : scopes.join(', ');
  return level ?? instance?.title ?? '';
}

function usedBy({ lastUsed }: InventoryKey): string {
  return [lastUsed?.address, lastUsed?.client].filter(Boolean).join(' · ');
}

/** On a telephone beside the name: the columns that say it at length are out of sight. */
function shortly({ state, endsAt }: InventoryKey): string {
  const isOver = state === 'revoked' || state === 'expired';
  return endsAt === null || isOver ? stateName(state) : `${stateName(state)}, ends ${whenText(endsAt)}`;
}

/** Two lines of a cell; what does not fit is there on request. */
function Cell({ first, second }: { first: ReactNode; second: string }) {
  return (
    <Table.Td>
      <Text size="sm" truncate>
        {first}
      </Text>
      <Text size="xs" c="dimmed" truncate title={second}>
        {second}
      </Text>
    </Table.Td>
  );
}

/** What a row can ask for. */
export type OnAct = (item: InventoryKey, action: KeyAction) => void;

/**
 * A key in the list. The heights of all rows are the same. Drawn anew only when something of it changes, and not with
 * each row that comes into sight.
 */
export const KeyRow = memo(function KeyRow({
  organizationId,
  item,
  index,
  heightPx,
  onAct,
}: {
  organizationId: string;
  item: InventoryKey;
  index: number;
  heightPx: number;
  onAct: OnAct;
}) {
  return (
    <Table.Tr aria-rowindex={index + 2} h={heightPx}>
      <Table.Th scope="row" className={classes.name}>
        <PageLink
          to="/o/$organizationId/keys/$keyId"
          params={{ organizationId, keyId: item.keyId }}
          preload={false}
          size="sm"
          fw={600}
          truncate
          display="block"
          title={item.name}
        >
          {item.name}
        </PageLink>
        <Text size="xs" ff="monospace" fw={400} truncate className={classes.shown}>
          {item.shown}
        </Text>
        <Text size="xs" fw={400} truncate aria-hidden className={classes.shortly} data-text={shortly(item)} />
      </Table.Th>
      <Cell first={familyNames[item.family]} second={mayOf(item)} />
      <Cell first={item.environment ?? '–'} second={item.workspace ?? ''} />
      <Cell
        first={<Time at={item.createdAt} />}
        second={`${item.createdBy ?? 'Not known'}${item.createdByDeparted ? ' (has left)' : ''}`}
      />
      <Cell first={<Time at={item.lastUsed?.at ?? null} none="Never" />} second={usedBy(item)} />
      <Cell first={<Time at={item.revokedAt ?? item.endsAt} none="Does not" />} second="" />
      <Table.Td>
        <KeyState state={item.state} />
      </Table.Td>
      <Table.Td className={classes.actions}>
        <KeyMenu item={item} onAct={(action) => onAct(item, action)} />
      </Table.Td>
    </Table.Tr>
  );
});
