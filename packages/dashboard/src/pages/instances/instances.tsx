import { Button, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAddressFilters } from '../../components/address-filters.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Pager } from '../../components/pager.tsx';
import { Problem } from '../../components/problem.tsx';
import { useRole } from '../../components/use-role.ts';
import { seenInstances } from '../../components/what-you-see.ts';
import { CreateInstance } from './create-instance.tsx';
import { everyInstance } from './filters.ts';
import { InstanceFilters } from './instance-filters.tsx';
import { InstanceRows } from './instance-rows.tsx';
import { useCan } from './use-can.ts';
import { pageOf, pageSize, useInstances } from './use-instances.ts';

function countOf(count: number | undefined): string {
  if (count === undefined) return '';
  return `${count.toLocaleString('en')} ${count === 1 ? 'instance' : 'instances'}`;
}

function NoInstance({
  isFirst,
  isAdmin,
  hasWords,
  onCreate,
  onReset,
}: {
  isFirst: boolean;
  isAdmin: boolean;
  /** Whether some were looked for. */
  hasWords: boolean;
  /** Nothing where the person may make none. */
  onCreate: (() => void) | undefined;
  onReset: () => void;
}) {
  if (!isFirst) {
    return (
      <EmptyState
        title="No instance is like this"
        action={
          <Button variant="default" onClick={onReset}>
            Show all instances
          </Button>
        }
      >
        <Text>
          {hasWords ? 'Try fewer words, or another state' : 'Try another state'}: archived instances are shown
          only when you ask for them.
        </Text>
        {!isAdmin && <Text>{seenInstances}</Text>}
      </EmptyState>
    );
  }
  if (!isAdmin) {
    return (
      <EmptyState
        title="No instance that you may see"
        action={onCreate && <Button onClick={onCreate}>Create an instance</Button>}
      >
        {seenInstances}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Make the first instance"
      action={onCreate && <Button onClick={onCreate}>Create an instance</Button>}
    >
      An instance gives a workflow of yours a public URL with a key in front of it. Say where the workflow
      runs; whoever has the key, or signs as you allow, can trigger it from then on.
    </EmptyState>
  );
}

/** The process instances of the organization, and how they are. */
export function Instances() {
  const { organizationId } = useParams({ from: '/o/$organizationId/instances' });
  const { isAdmin } = useRole(organizationId);
  const canManage = useCan(organizationId, 'instances:manage');
  const { chosen, settled, isUsual, change, reset } = useAddressFilters(everyInstance);
  const { instances, total, statistics, error, refetch } = useInstances(organizationId, settled);
  const [isCreating, setIsCreating] = useState(false);
  const onCreate = canManage ? () => setIsCreating(true) : undefined;
  return (
    <Stack maw={1000}>
      <PageHeader
        title="Instances"
        purpose="What others can trigger here: each with its workflows, its URLs and its key."
        status={countOf(total)}
        actions={onCreate && <Button onClick={onCreate}>New instance</Button>}
      />
      <InstanceFilters value={chosen} onChange={change} />
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {instances?.length === 0 && (
        <NoInstance
          isFirst={isUsual}
          isAdmin={isAdmin}
          hasWords={settled.text.trim() !== ''}
          onCreate={onCreate}
          onReset={reset}
        />
      )}
      {instances !== undefined && instances.length > 0 && (
        <>
          <InstanceRows
            organizationId={organizationId}
            instances={instances}
            statistics={statistics}
            canManage={canManage}
          />
          <Pager
            label="Pages of instances"
            page={pageOf(chosen)}
            pageSize={pageSize}
            total={total ?? 0}
            onPage={(page) => change({ page: String(page) })}
          />
        </>
      )}
      {isCreating && <CreateInstance organizationId={organizationId} onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}
