import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';

/** Pauses an instance after a question, or has it go on. */
export function SwitchInstance({
  instance: { processInstanceId, title, isActive },
}: {
  instance: { readonly processInstanceId: string; readonly title: string; readonly isActive: boolean };
}) {
  const activate = useAct('instances.activate');
  const pause = useAct('instances.deactivate');
  const [asks, setAsks] = useState<'pause' | 'activate'>();
  const act = asks === 'activate' ? activate : pause;
  const close = () => setAsks(undefined);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-label={`${isActive ? 'Pause' : 'Activate'} ${title}`}
        onClick={() => setAsks(isActive ? 'pause' : 'activate')}
      >
        {isActive ? 'Pause' : 'Activate'}
      </Button>
      {asks !== undefined && (
        <ConfirmDialog
          title={asks === 'pause' ? `Pause ${title}?` : `Activate ${title}?`}
          action={asks === 'pause' ? 'Pause' : 'Activate'}
          isDangerous={asks === 'pause'}
          isPending={act.isPending}
          error={act.error}
          onConfirm={() => act.mutate({ processInstanceId }, { onSuccess: close })}
          onClose={close}
        >
          {asks === 'pause'
            ? 'Every trigger is refused until somebody activates it again. What runs now goes on, and its status can be read.'
            : 'It can be triggered again by everybody who has a key or a signing secret of it.'}
        </ConfirmDialog>
      )}
    </>
  );
}
