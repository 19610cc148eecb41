import { ActionIcon, Menu } from '@mantine/core';
import type { InventoryKey } from './key-state.tsx';
import type { Ending } from './use-ending.ts';

const isOver = new Set<InventoryKey['state']>(['revoked', 'expired']);

/** What can be done to a key in the list. The key of an instance is managed with its instance. */
export function KeyMenu({ item, onEnd }: { item: InventoryKey; onEnd: (ending: Ending) => void }) {
  if (isOver.has(item.state) || item.family === 'instance') return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${item.name}`}>
          ⋯
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {item.state === 'disabled' ? (
          <Menu.Item onClick={() => onEnd('enable')}>Enable</Menu.Item>
        ) : (
          <Menu.Item onClick={() => onEnd('disable')}>Disable</Menu.Item>
        )}
        <Menu.Item color="red" onClick={() => onEnd('revoke')}>
          Revoke
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
