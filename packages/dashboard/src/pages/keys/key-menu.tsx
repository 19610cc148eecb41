import { ActionIcon, Menu } from '@mantine/core';
import type { InventoryKey } from './key-state.tsx';
import type { Ending } from './use-ending.ts';

/** What can be done to a key. */
export type KeyAction = Ending | 'change' | 'rotate';

/** The actions as people read them. */
export const actionNames: Readonly<Record<KeyAction, string>> = {
  change: 'Change…',
  rotate: 'Rotate…',
  enable: 'Enable…',
  disable: 'Disable…',
  revoke: 'Revoke…',
};

const isOver = new Set<InventoryKey['state']>(['revoked', 'expired']);

/** What can be done to a key in its state. The key of an instance is managed with its instance. */
export function actionsOf({ state, family }: InventoryKey): readonly KeyAction[] {
  if (isOver.has(state) || family === 'instance') return [];
  const isEnvironment = family === 'environment';
  return [
    ...(isEnvironment ? [] : (['change'] as const)),
    ...(isEnvironment && state === 'active' ? (['rotate'] as const) : []),
    state === 'disabled' ? 'enable' : 'disable',
    'revoke',
  ];
}

/** The actions of a key in the list. */
export function KeyMenu({ item, onAct }: { item: InventoryKey; onAct: (action: KeyAction) => void }) {
  const actions = actionsOf(item);
  if (actions.length === 0) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions for ${item.name}`}>
          ⋯
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item key={action} onClick={() => onAct(action)}>
            {actionNames[action]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
