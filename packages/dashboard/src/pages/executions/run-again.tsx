import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useAct } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import type { Execution } from '../../components/use-execution.ts';

/** Asks before an execution is run again, and goes to the new one. */
export function RunAgain({
  organizationId,
  processInstanceId,
  execution: { executionId, workflowId },
  onClose,
}: {
  organizationId: string;
  processInstanceId: string;
  execution: Pick<Execution, 'executionId' | 'workflowId'>;
  onClose: () => void;
}) {
  const rerun = useAct('executions.rerun');
  const navigate = useNavigate();
  function follow(next: string): void {
    onClose();
    void navigate({
      to: '/o/$organizationId/executions/$processInstanceId/$executionId',
      params: { organizationId, processInstanceId, executionId: next },
    });
  }
  return (
    <ConfirmDialog
      title="Run this again?"
      action="Run again"
      isDangerous={false}
      isPending={rerun.isPending}
      error={rerun.error}
      onConfirm={() =>
        rerun.mutate(
          { processInstanceId, executionId },
          { onSuccess: (answer) => follow(answer.executionId) },
        )
      }
      onClose={onClose}
    >
      <Text>
        <strong>{workflowId}</strong> is called with the same input, as a new execution. Whatever it did the
        first time, such as sending a mail, it may do a second time.
      </Text>
    </ConfirmDialog>
  );
}
