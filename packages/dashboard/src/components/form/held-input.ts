import { useEffect, useSyncExternalStore } from 'react';

let holders = 0;
const listeners = new Set<() => void>();

function count(change: 1 | -1): void {
  holders += change;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says, for as long as `isHeld`, that the page holds what would be lost with it. */
export function useHoldInput(isHeld: boolean): void {
  useEffect(() => {
    if (!isHeld) return;
    count(1);
    return () => count(-1);
  }, [isHeld]);
}

/** Whether anything on the page would be lost with it. */
export function useHoldsInput(): boolean {
  return useSyncExternalStore(subscribe, () => holders > 0);
}
