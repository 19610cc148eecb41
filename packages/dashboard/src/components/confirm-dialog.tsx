import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from './dialog.tsx';
import { ActButton } from './form/act-button.tsx';
import { Problem } from './problem.tsx';

/**
 * Asks before something is done, for as long as it is rendered. `children` say what is meant and what ends;
 * `final` says what cannot be undone. Cancel has the focus: an Enter too many does nothing. `done` takes the place of
 * the question once it is answered, and `doneTitle` that of the title.
 */
export function ConfirmDialog({
  title,
  children,
  final,
  action,
  isDangerous = true,
  isPending = false,
  error,
  done,
  doneTitle = title,
  onConfirm,
  onClose,
}: {
  title: string;
  children: ReactNode;
  final?: string;
  action: string;
  isDangerous?: boolean;
  isPending?: boolean;
  error?: unknown;
  done?: ReactNode;
  doneTitle?: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  if (done !== undefined) {
    return (
      <Dialog title={doneTitle} closeOnClickOutside={false} onClose={onClose}>
        {done}
      </Dialog>
    );
  }
  return (
    <Dialog title={title} isBusy={isPending} onClose={onClose}>
      <Stack>
        {typeof children === 'string' ? <Text>{children}</Text> : children}
        {final !== undefined && <Text fw={600}>{final}</Text>}
        {error !== undefined && error !== null && <Problem error={error} />}
        <Group>
          <ActButton color={isDangerous ? 'red' : 'blue'} loading={isPending} onClick={onConfirm}>
            {action}
          </ActButton>
          <ActButton variant="default" disabled={isPending} onClick={onClose} data-autofocus>
            Cancel
          </ActButton>
        </Group>
      </Stack>
    </Dialog>
  );
}
