import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { useWorkflowChange } from './change-workflows.ts';
import type { Instance, Workflow } from './trigger-panel.tsx';
import { WorkflowDialog } from './workflow-dialog.tsx';

function RemoveWorkflow({
  instance: { processInstanceId },
  workflow: { workflowId, name },
  onClose,
}: {
  instance: Instance;
  workflow: Workflow;
  onClose: () => void;
}) {
  const act = useWorkflowChange(processInstanceId);
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      action="Remove"
      isPending={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate({ kind: 'remove', workflowId }, { onSuccess: onClose })}
      onClose={onClose}
    >
      Its URL answers nobody any more, and its signing secrets go with it. What it has run stays in the list
      of executions.
    </ConfirmDialog>
  );
}

const dialogs = { change: WorkflowDialog, remove: RemoveWorkflow };

/** Where each workflow of an instance runs, and how. */
export function Workflows({ instance, canManage }: { instance: Instance; canManage: boolean }) {
  const [isAdding, setIsAdding] = useState(false);
  const [acting, setActing] = useState<{ workflow: Workflow; action: keyof typeof dialogs }>();
  const Acted = acting && dialogs[acting.action];
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Workflows
      </Title>
      <Rows label="Workflows">
        {instance.workflows.map((workflow) => (
          <Row
            key={workflow.workflowId}
            actions={
              canManage && (
                <>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change ${workflow.name}`}
                    onClick={() => setActing({ workflow, action: 'change' })}
                  >
                    Change
                  </Button>
                  {instance.workflows.length > 1 && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Remove ${workflow.name}`}
                      onClick={() => setActing({ workflow, action: 'remove' })}
                    >
                      Remove
                    </Button>
                  )}
                </>
              )
            }
          >
            <Text fw={600}>{workflow.name}</Text>
            <Text size="sm">{workflow.targetUrl}</Text>
            <Text size="sm" c="dimmed">
              {workflow.inputSchema === null ? 'Takes any object' : 'Has an input schema'}, fails after{' '}
              {workflow.timeoutSeconds} seconds
            </Text>
          </Row>
        ))}
      </Rows>
      {canManage && (
        <Group>
          <Button size="xs" variant="default" onClick={() => setIsAdding(true)}>
            Add a workflow
          </Button>
        </Group>
      )}
      {isAdding && <WorkflowDialog instance={instance} onClose={() => setIsAdding(false)} />}
      {acting !== undefined && Acted !== undefined && (
        <Acted instance={instance} workflow={acting.workflow} onClose={() => setActing(undefined)} />
      )}
    </Stack>
  );
}
