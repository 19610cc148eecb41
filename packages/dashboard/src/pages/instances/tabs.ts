/** The parts of the page of an instance; the names of the two in the middle are those of contract/codika.md. */
export const tabs = [
  { value: 'trigger', label: 'Trigger' },
  { value: 'public', label: 'Public API Access' },
  { value: 'api', label: 'API Access' },
  { value: 'settings', label: 'Settings' },
] as const;

/** What the address of an instance may hold; it begins with its first part. */
export const firstTab = { tab: 'trigger' };
