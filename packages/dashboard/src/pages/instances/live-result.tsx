import { Code, Group, Stack, Text, Title } from '@mantine/core';
import { CodeSample } from '../../components/code-sample.tsx';
import { durationText } from '../../components/duration.ts';
import { ExecutionProgress } from '../../components/execution-progress.tsx';
import { ExecutionState } from '../../components/execution-state.tsx';
import { useIntoView, useKeptInView } from '../../components/into-view.ts';
import { jsonText } from '../../components/json-text.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Problem } from '../../components/problem.tsx';
import { type Execution, useExecution } from '../../components/use-execution.ts';

function Outcome({ execution: { status, errorDetails, resultData } }: { execution: Execution }) {
  if (status === 'success') {
    return <CodeSample label="Result" code={jsonText(resultData, 2)} />;
  }
  if (errorDetails === undefined) return null;
  const { type, message, failedNodeName } = errorDetails;
  return (
    <Stack gap={2}>
      <Text>{message}</Text>
      <Text size="sm" c="dimmed">
        {type}
        {failedNodeName !== undefined && ` at ${failedNodeName}`}
      </Text>
    </Stack>
  );
}

/** What becomes of an execution, followed until it has ended. */
export function LiveResult({
  organizationId,
  processInstanceId,
  executionId,
}: {
  organizationId: string;
  processInstanceId: string;
  executionId: string;
}) {
  const { data, error, refetch } = useExecution(processInstanceId, executionId);
  const execution = data?.execution;
  const shown = useIntoView<HTMLDivElement>(executionId);
  useKeptInView(shown, execution?.status);
  return (
    <Stack gap="sm" ref={shown}>
      <Title order={2} size="h5">
        Execution
      </Title>
      <Group gap="sm" role="status">
        <ExecutionState status={execution?.status ?? 'pending'} />
        {execution?.duration !== undefined && <Text size="sm">in {durationText(execution.duration)}</Text>}
      </Group>
      <Text size="sm">
        Id <Code>{executionId}</Code>
      </Text>
      <PageLink
        to="/o/$organizationId/executions/$processInstanceId/$executionId"
        params={{ organizationId, processInstanceId, executionId }}
        preload={false}
        size="sm"
      >
        Open this execution
      </PageLink>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {execution !== undefined && (
        <>
          <ExecutionProgress execution={execution} />
          <Outcome execution={execution} />
        </>
      )}
    </Stack>
  );
}
