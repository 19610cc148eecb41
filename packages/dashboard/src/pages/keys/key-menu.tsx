import { Menu } from '@mantine/core';
import { type ComponentProps, useState } from 'react';
import { useOpenedMenu } from '../../components/use-opened-menu.ts';
import type { InventoryKey } from './key-state.tsx';
import classes from './keys.module.css';
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
    'change',
    ...(isEnvironment && state === 'active' ? (['rotate'] as const) : []),
    state === 'disabled' ? 'enable' : 'disable',
    'revoke',
  ];
}

function MoreButton({ name, ...props }: { name: string } & ComponentProps<'button'>) {
  return (
    <button
      type="button"
      className={classes.more}
      aria-haspopup="menu"
      aria-label={`Actions for ${name}`}
      {...props}
    >
      ⋯
    </button>
  );
}

/** Open from the start. */
function OpenedMenu({ item, onAct }: { item: InventoryKey; onAct: (action: KeyAction) => void }) {
  const { isOpen, setIsOpen, button } = useOpenedMenu();
  return (
    <Menu position="bottom-end" withinPortal opened={isOpen} onChange={setIsOpen}>
      <Menu.Target>
        <MoreButton name={item.name} ref={button} />
      </Menu.Target>
      <Menu.Dropdown>
        {actionsOf(item).map((action) => (
          <Menu.Item key={action} onClick={() => onAct(action)}>
            {actionNames[action]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The actions of a key in the list. Only that which somebody opens is a menu: a menu costs more than its row. */
export function KeyMenu({ item, onAct }: { item: InventoryKey; onAct: (action: KeyAction) => void }) {
  const [isWanted, setIsWanted] = useState(false);
  if (actionsOf(item).length === 0) return null;
  if (isWanted) return <OpenedMenu item={item} onAct={onAct} />;
  return <MoreButton name={item.name} aria-expanded={false} onClick={() => setIsWanted(true)} />;
}
