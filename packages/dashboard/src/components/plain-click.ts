import type { MouseEvent } from 'react';

/** Whether a click asks for a page in the place of this one, and not in a tab, a window or a file of its own. */
export function isPlainClick({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
}
