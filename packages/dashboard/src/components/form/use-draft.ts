import { useState } from 'react';

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * What a form holds of something that others may change meanwhile: what the person has changed of it (`changed`: all
 * that is to be sent), and everything else as it is at `present`.
 */
export function useDraft<Whole extends object>(present: Whole) {
  const [changed, setChanged] = useState<Partial<Whole>>({});
  /** What is typed back to what it was is no change. */
  function change(typed: Partial<Whole>): void {
    setChanged((before) => {
      const all = Object.entries({ ...before, ...typed });
      const differing = all.filter(([name, value]) => !isSame(value, present[name as keyof Whole]));
      return Object.fromEntries(differing) as Partial<Whole>;
    });
  }
  return {
    whole: { ...present, ...changed },
    changed,
    isChanged: Object.keys(changed).length > 0,
    change,
    forget: () => setChanged({}),
  };
}
