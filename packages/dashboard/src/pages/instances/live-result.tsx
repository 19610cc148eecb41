import type { Output } from '@latchkey/protocol';
import { Code, Group, Stack, Text, Title } from '@mantine/core';
import { CodeSample } from '../../components/code-sample.tsx';
import { Problem } from '../../components/problem.tsx';
import { StateBadge, type Tone } from '../../components/state-badge.tsx';
import { durationText } from './figures.ts';
import { useExecution } from './use-execution.ts';

type Execution = Output<'executions.get'>['execution'];

const states: Readonly<Record<Execution['status'], { tone: Tone; label: string }>> = {
  pending: { tone: 'pending', label: 'Running' },
  success: { tone: 'good', label: 'Succeeded' },
  failed: { tone: 'bad', label: 'Failed' },
};

function Outcome({ execution: { status, errorDetails, resultData } }: { execution: Execution }) {
  if (status === 'success') {
    return <CodeSample label="Result" code={JSON.stringify(resultData ?? null, null, 2)} />;
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
  processInstanceId,
  executionId,
}: {
  processInstanceId: string;
  executionId: string;
}) {
  const { data, error, refetch } = useExecution(processInstanceId, executionId);
  const execution = data?.execution;
  const { tone, label } = states[execution?.status ?? 'pending'];
  return (
    <Stack gap="sm">
      <Title order={2} size="h5">
        Execution
      </Title>
      <Group gap="sm" role="status">
        <StateBadge tone={tone} label={label} />
        {execution?.duration !== undefined && <Text size="sm">in {durationText(execution.duration)}</Text>}
      </Group>
      <Text size="sm">
        Id <Code>{executionId}</Code>
      </Text>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {execution !== undefined && <Outcome execution={execution} />}
    </Stack>
  );
}
