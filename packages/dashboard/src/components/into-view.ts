import { type RefObject, useEffect, useRef } from 'react';

/** Brings what came of a press into view, each time that `come` is something else; nothing while it is undefined. */
export function useIntoView<Shown extends HTMLElement>(come: unknown): RefObject<Shown | null> {
  const shown = useRef<Shown>(null);
  useEffect(() => {
    if (come !== undefined) shown.current?.scrollIntoView({ block: 'nearest' });
  }, [come]);
  return shown;
}

/** Whether the beginning of something is where it can be seen. */
function isSeen(element: Element): boolean {
  const { top } = element.getBoundingClientRect();
  return top >= 0 && top < window.innerHeight;
}

/** As `useIntoView`, of what grows by itself: whoever has looked away meanwhile is left where they are. */
export function useKeptInView<Shown extends HTMLElement>(
  shown: RefObject<Shown | null>,
  grownBy: unknown,
): void {
  useEffect(() => {
    if (grownBy !== undefined && shown.current !== null && isSeen(shown.current))
      shown.current.scrollIntoView({ block: 'nearest' });
  }, [shown, grownBy]);
}
