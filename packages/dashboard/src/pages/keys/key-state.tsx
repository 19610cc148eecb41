import type { Output } from '@latchkey/protocol';
import { Badge } from '@mantine/core';

/** A key of the inventory. */
export type InventoryKey = Output<'keys.inventory'>['keys'][number];

const looks: Readonly<Record<InventoryKey['state'], { color: string; label: string }>> = {
  active: { color: 'green', label: 'Active' },
  rotating: { color: 'yellow', label: 'Being replaced' },
  disabled: { color: 'orange', label: 'Disabled' },
  expired: { color: 'gray', label: 'Expired' },
  revoked: { color: 'gray', label: 'Revoked' },
};

/** Said in words, with a colour beside. */
export function KeyState({ state }: Pick<InventoryKey, 'state'>) {
  const { color, label } = looks[state];
  return (
    <Badge color={color} variant="light" autoContrast>
      {label}
    </Badge>
  );
}
