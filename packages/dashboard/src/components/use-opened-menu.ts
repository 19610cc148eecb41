import { type RefObject, useEffect, useRef, useState } from 'react';

/**
 * For a menu that came in the place of a button which was pressed: opens it from its own button, which gets the focus
 * back afterwards.
 */
export function useOpenedMenu(): {
  isOpen: boolean;
  setIsOpen: (isOpen: boolean) => void;
  button: RefObject<HTMLButtonElement | null>;
} {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    button.current?.focus();
    setIsOpen(true);
  }, []);
  return { isOpen, setIsOpen, button };
}
