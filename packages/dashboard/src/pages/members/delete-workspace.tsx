import { Button, Stack, Text } from '@mantine/core';
import { useAct } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { takeFocus } from '../../components/take-focus.ts';
import type { Workspace } from './workspace.ts';

function Done({ revokedKeys, onClose }: { revokedKeys: number; onClose: () => void }) {
  return (
    <Stack>
      <Text role="status">
        It is deleted. Keys that were revoked with it: {revokedKeys}, in force everywhere.
      </Text>
      <Button onClick={onClose} ref={takeFocus}>
        Close
      </Button>
    </Stack>
  );
}

/** Asks before a workspace goes, and its keys with it. */
export function DeleteWorkspace({
  organizationId,
  workspace: { environment, slug, name },
  onClose,
}: {
  organizationId: string;
  workspace: Workspace;
  onClose: () => void;
}) {
  const remove = useAct('workspaces.delete');
  return (
    <ConfirmDialog
      title={`Delete the workspace ${name}?`}
      final="This cannot be undone: nobody can bring revoked keys back."
      action="Delete"
      isPending={remove.isPending}
      error={remove.error}
      done={remove.data && <Done revokedKeys={remove.data.revokedKeys} onClose={onClose} />}
      onConfirm={() => remove.mutate({ organizationId, environment, slug })}
      onClose={onClose}
    >
      {`Every key that is restricted to ${slug} in ${environment} is revoked. Whatever uses one stops working.`}
    </ConfirmDialog>
  );
}
