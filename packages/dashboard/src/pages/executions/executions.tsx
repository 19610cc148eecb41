import { Button, Stack, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useAddressFilters } from '../../components/address-filters.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ActButton } from '../../components/form/act-button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { useRole } from '../../components/use-role.ts';
import { seenExecutions } from '../../components/what-you-see.ts';
import { ExecutionFilters } from './execution-filters.tsx';
import { ExecutionRows } from './execution-rows.tsx';
import { everything } from './filters.ts';
import { FirstTrigger } from './first-trigger.tsx';
import { questionFrom, useExecutions } from './use-executions.ts';

function NoExecution({ isAdmin, onReset }: { isAdmin: boolean; onReset: () => void }) {
  return (
    <EmptyState
      title="No execution is like this"
      action={
        <Button variant="default" onClick={onReset}>
          Show all executions
        </Button>
      }
    >
      <Text>
        What happens while you are here shows up by itself, as soon as it fits what you have chosen.
      </Text>
      {!isAdmin && <Text>{seenExecutions}</Text>}
    </EmptyState>
  );
}

/** What was started in the organization, how, and what came of it. */
export function Executions() {
  const { organizationId } = useParams({ from: '/o/$organizationId/executions' });
  const { isAdmin } = useRole(organizationId);
  const { chosen, settled, isUsual, change, reset } = useAddressFilters(everything);
  const found = useExecutions(questionFrom(organizationId, settled));
  const executions = found.data?.pages.flatMap((page) => page.executions) ?? [];
  const isEmpty = found.data !== undefined && executions.length === 0;
  return (
    <Stack>
      <PageHeader
        title="Executions"
        purpose="Every run of a workflow, newest first: how it was started, and what came of it."
        status={found.data === undefined ? '' : `${executions.length} shown`}
      />
      <ExecutionFilters organizationId={organizationId} value={chosen} onChange={change} />
      {found.error !== null && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {isEmpty &&
        (isUsual ? (
          <FirstTrigger organizationId={organizationId} />
        ) : (
          <NoExecution isAdmin={isAdmin} onReset={reset} />
        ))}
      {executions.length > 0 && <ExecutionRows organizationId={organizationId} executions={executions} />}
      {found.hasNextPage && (
        <ActButton
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          Show older executions
        </ActButton>
      )}
    </Stack>
  );
}
