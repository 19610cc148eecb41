import { ChangeEnvironmentKey } from './change-environment-key.tsx';
import { ChangeKey } from './change-key.tsx';
import { EndKey } from './end-key.tsx';
import type { KeyAction } from './key-menu.tsx';
import type { InventoryKey } from './key-state.tsx';
import { RotateKey } from './rotate-key.tsx';

/** What asks for the rest of an action on a key, for as long as it is rendered. */
export function KeyDialog({
  action,
  ...key
}: {
  action: KeyAction;
  organizationId: string;
  item: InventoryKey;
  onClose: () => void;
}) {
  if (action === 'change' && key.item.family === 'environment') return <ChangeEnvironmentKey {...key} />;
  if (action === 'change') return <ChangeKey {...key} />;
  if (action === 'rotate') return <RotateKey {...key} />;
  return <EndKey {...key} ending={action} />;
}
