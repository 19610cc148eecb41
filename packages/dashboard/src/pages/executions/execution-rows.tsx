import { Group, Text } from '@mantine/core';
import { durationText } from '../../components/duration.ts';
import { environmentName } from '../../components/environments.ts';
import { ExecutionState } from '../../components/execution-state.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { Time } from '../../components/time.tsx';
import { StartedBy } from './started-by.tsx';
import type { ListedExecution } from './use-executions.ts';

function ExecutionRow({ organizationId, execution }: { organizationId: string; execution: ListedExecution }) {
  const { processInstanceId, executionId, workflowId, title, environment, duration } = execution;
  return (
    <Row>
      <Group gap="xs">
        <ExecutionState status={execution.status} />
        <PageLink
          to="/o/$organizationId/executions/$processInstanceId/$executionId"
          params={{ organizationId, processInstanceId, executionId }}
          preload={false}
          fw={600}
        >
          {title} / {workflowId}
        </PageLink>
      </Group>
      <Text size="sm">
        Started <Time at={execution.createdAt} />
        {duration !== undefined && `, took ${durationText(duration)}`} in {environmentName(environment)}
      </Text>
      <Text size="sm">
        <StartedBy organizationId={organizationId} startedBy={execution.startedBy} />
      </Text>
      {execution.errorDetails !== undefined && (
        <Text size="sm" lineClamp={2}>
          {execution.errorDetails.message}
        </Text>
      )}
    </Row>
  );
}

/** Executions in the order in which they come. */
export function ExecutionRows({
  organizationId,
  executions,
}: {
  organizationId: string;
  executions: readonly ListedExecution[];
}) {
  return (
    <Rows label="Executions">
      {executions.map((execution) => (
        <ExecutionRow key={execution.executionId} organizationId={organizationId} execution={execution} />
      ))}
    </Rows>
  );
}
