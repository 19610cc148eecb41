import { Button, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { CreateInstance } from './create-instance.tsx';
import { InstanceRows } from './instance-rows.tsx';
import { useCan } from './use-can.ts';
import { mostListed, useInstances } from './use-instances.ts';

function countOf(count: number | undefined): string {
  if (count === undefined) return '';
  return `${count} ${count === 1 ? 'instance' : 'instances'}`;
}

/** The process instances of the organization, and how they are. */
export function Instances() {
  const { organizationId } = useParams({ from: '/o/$organizationId/instances' });
  const canManage = useCan(organizationId, 'instances:manage');
  const { instances, statistics, error, refetch } = useInstances(organizationId);
  const [isCreating, setIsCreating] = useState(false);
  const count = instances?.length;
  return (
    <Stack maw={900}>
      <PageHeader
        title="Instances"
        purpose="What others can trigger here: each with its workflows, its URLs and its key."
        status={countOf(count)}
        actions={canManage && <Button onClick={() => setIsCreating(true)}>New instance</Button>}
      />
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {count === 0 && (
        <EmptyState
          title="Make the first instance"
          action={canManage && <Button onClick={() => setIsCreating(true)}>Create an instance</Button>}
        >
          An instance gives a workflow of yours a public URL with a key in front of it. Say where the workflow
          runs; whoever has the key, or signs as you allow, can trigger it from then on.
        </EmptyState>
      )}
      {instances !== undefined && instances.length > 0 && (
        <InstanceRows
          organizationId={organizationId}
          instances={instances}
          statistics={statistics}
          canManage={canManage}
        />
      )}
      {count === mostListed && (
        <Text size="sm">
          The {mostListed} that were executed last; the command line lists by environment.
        </Text>
      )}
      {isCreating && <CreateInstance organizationId={organizationId} onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}
