import { useBlocker } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useInsteadOfClosing } from './dialog.tsx';

/**
 * Keeps the dialog around open, and the page where it is, until somebody has said that they mean to leave what is not
 * saved. `isAsked` while they are to say so. The browser asks by itself before it loads the page anew or closes it.
 */
export function useUnsaved(isUnsaved: boolean) {
  const [isClosing, setIsClosing] = useState(false);
  const ask = useCallback(() => setIsClosing(true), []);
  useInsteadOfClosing(isUnsaved ? ask : undefined);
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => isUnsaved && current.pathname !== next.pathname,
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  });
  return {
    isAsked: isUnsaved && (isClosing || leaving.status === 'blocked'),
    stay(): void {
      setIsClosing(false);
      leaving.reset?.();
    },
    /** Goes where somebody was going; `false` where only the dialog was to be closed. */
    leave(): boolean {
      leaving.proceed?.();
      return leaving.status === 'blocked';
    },
  };
}
