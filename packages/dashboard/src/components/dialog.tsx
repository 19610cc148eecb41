import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { AroundDialog } from './around-dialog.ts';

/** What a dialog was opened from; an entry of a menu is gone by then, and its button stands for it. */
function openerOf(focused: Element | null): Element | null {
  const button = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return button ? document.getElementById(button) : focused;
}

/** Gives the focus back, or to the heading of the page where what it came from has gone. */
function useFocusReturn(): void {
  // Looked at before anything of the page changes.
  const [opener] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      const target = opener?.isConnected ? opener : document.querySelector('h1');
      if (target instanceof HTMLElement) target.focus();
    },
    [opener],
  );
}

/** Its head is not that of the page, which is what the element says by itself. */
const attributes = { header: { role: 'presentation' } };
const closeButton = { 'aria-label': 'Close' };

/**
 * A dialog for as long as it is rendered. Escape closes it, but not while it `isBusy`: what it waits for is shown nowhere
 * else. `data-autofocus` says what has the focus first.
 */
export function Dialog({
  isBusy = false,
  children,
  onClose,
  ...props
}: Omit<ModalProps, 'opened' | 'returnFocus'> & { isBusy?: boolean }) {
  const instead = useRef<() => void>(undefined);
  const around = useMemo(() => ({ instead, close: onClose }), [onClose]);
  useFocusReturn();
  return (
    <Modal
      opened
      size="lg"
      returnFocus={false}
      closeButtonProps={closeButton}
      attributes={attributes}
      {...props}
      onClose={() => isBusy || (instead.current ?? onClose)()}
    >
      <AroundDialog value={around}>{children}</AroundDialog>
    </Modal>
  );
}
