import { useBlocker } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useInsteadOfClosing } from '../around-dialog.ts';
import { useHoldInput } from './held-input.ts';

/** Where somebody is; the part of a page counts, and what is chosen above a list does not. */
function placeOf({ pathname, search }: { pathname: string; search: object }): string {
  return JSON.stringify([pathname, 'tab' in search && search.tab]);
}

/**
 * Keeps the dialog around open, and the page where it is, until somebody has said that they mean to leave what is not
 * saved. `isAsked` while they are to say so. The browser asks by itself before it loads the page anew or closes it.
 * While it `isBusy` saving, what leads on is its success, and is not asked about.
 */
export function useUnsaved(isUnsaved: boolean, isBusy = false) {
  const [isClosing, setIsClosing] = useState(false);
  const ask = useCallback(() => setIsClosing(true), []);
  const close = useInsteadOfClosing(isUnsaved ? ask : undefined);
  useHoldInput(isUnsaved);
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => !isBusy && placeOf(current) !== placeOf(next),
    enableBeforeUnload: isUnsaved,
    disabled: !isUnsaved,
    withResolver: true,
  });
  return {
    isAsked: isUnsaved && (isClosing || leaving.status === 'blocked'),
    stay(): void {
      setIsClosing(false);
      leaving.reset?.();
    },
    /** Goes where somebody was going, or closes the dialog around. */
    leave(): void {
      if (leaving.status === 'blocked') leaving.proceed();
      else close();
    },
  };
}
