import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import type { Instance } from './trigger-panel.tsx';

/** Ends an instance for good, after a question. */
export function ArchiveInstance({ instance: { processInstanceId, title } }: { instance: Instance }) {
  const archive = useAct('instances.archive');
  const [asks, setAsks] = useState(false);
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Archive
      </Title>
      <Text size="sm">For an instance that is not needed any more. To stop it for a while, pause it.</Text>
      <Group>
        <Button size="xs" variant="default" onClick={() => setAsks(true)}>
          Archive this instance…
        </Button>
      </Group>
      {asks && (
        <ConfirmDialog
          title={`Archive ${title}?`}
          action="Archive"
          final="This cannot be undone."
          isPending={archive.isPending}
          error={archive.error}
          onConfirm={() => archive.mutate({ processInstanceId }, { onSuccess: () => setAsks(false) })}
          onClose={() => setAsks(false)}
        >
          Its key and its signing secrets end now, and its URLs refuse everybody. What it has run can still be
          looked at.
        </ConfirmDialog>
      )}
    </Stack>
  );
}
