import type { Output } from '@latchkey/protocol';
import { StateBadge, type Tone } from '../../components/state-badge.tsx';

/** A key of the inventory. */
export type InventoryKey = Output<'keys.inventory'>['keys'][number];

const looks: Readonly<Record<InventoryKey['state'], { tone: Tone; label: string }>> = {
  active: { tone: 'good', label: 'Active' },
  rotating: { tone: 'pending', label: 'Being replaced' },
  disabled: { tone: 'warning', label: 'Disabled' },
  expired: { tone: 'over', label: 'Expired' },
  revoked: { tone: 'over', label: 'Revoked' },
};

/** The state of a key as people read it. */
export function stateName(state: InventoryKey['state']): string {
  return looks[state].label;
}

/** Said in words, with a colour beside. */
export function KeyState({ state }: Pick<InventoryKey, 'state'>) {
  return <StateBadge {...looks[state]} />;
}
