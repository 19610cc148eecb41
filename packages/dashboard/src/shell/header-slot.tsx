import { createContext, type ReactNode, use } from 'react';
import { createPortal } from 'react-dom';

/** Where the header shows what is known only once somebody has been asked who they are; nowhere without a header. */
export const HeaderSlot = createContext<HTMLElement | null>(null);

/** Stands in the header. */
export function InHeader({ children }: { children: ReactNode }) {
  const slot = use(HeaderSlot);
  return slot && createPortal(children, slot);
}
