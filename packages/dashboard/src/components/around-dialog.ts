import { createContext, type RefObject, useContext, useEffect } from 'react';

/** The dialog around: what is done in place of closing it, nothing where it closes; and closing it all the same. */
interface Around {
  readonly instead: RefObject<(() => void) | undefined>;
  close(): void;
}

/** Apart from the dialog itself, which brings more code than a form that may stand in one. */
export const AroundDialog = createContext<Around>({
  instead: { current: undefined },
  close: () => undefined,
});

/**
 * For as long as `instead` is given, Escape, the cross and a click beside the dialog around do that and close nothing.
 * What comes back closes it all the same.
 */
export function useInsteadOfClosing(instead: (() => void) | undefined): () => void {
  const around = useContext(AroundDialog);
  useEffect(() => {
    around.instead.current = instead;
    return () => {
      around.instead.current = undefined;
    };
  }, [around.instead, instead]);
  return around.close;
}
