import type { InventoryKey } from './key-state.tsx';

/** The families of keys, as people read them. */
export const familyNames: Readonly<Record<InventoryKey['family'], string>> = {
  organization: 'Organization',
  personal: 'Personal',
  environment: 'Environment',
  instance: 'Instance',
};
