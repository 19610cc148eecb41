import { Button, Group, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ExecutionProgress } from '../../components/execution-progress.tsx';
import { statusName } from '../../components/execution-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Problem } from '../../components/problem.tsx';
import { type Execution as Shown, useExecution } from '../../components/use-execution.ts';
import { useCan } from '../instances/use-can.ts';
import { Data } from './data.tsx';
import { ExecutionFacts } from './execution-facts.tsx';
import { Failure } from './failure.tsx';
import { RunAgain } from './run-again.tsx';

/** What came of it, and what it was given. */
function Told({ execution }: { execution: Shown }) {
  return (
    <>
      <ExecutionProgress execution={execution} />
      {execution.errorDetails !== undefined && <Failure {...execution.errorDetails} />}
      {execution.resultData !== undefined && <Data label="Result" value={execution.resultData} />}
      <Data label="Input" value={execution.inputData} />
    </>
  );
}

/** One execution, followed until it has ended. */
export function Execution() {
  const { organizationId, processInstanceId, executionId } = useParams({
    from: '/o/$organizationId/executions/$processInstanceId/$executionId',
  });
  const { data, error, refetch } = useExecution(processInstanceId, executionId);
  const execution = data?.execution;
  // What no call has started cannot be run again.
  const isRepeatable = execution !== undefined && execution.startedBy.method !== 'member-secret';
  const mayRunAgain = useCan(organizationId, 'workflows:trigger') && isRepeatable;
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Stack gap="lg" maw={1000}>
      <Group>
        <PageLink to="/o/$organizationId/executions" params={{ organizationId }}>
          All executions
        </PageLink>
        <PageLink
          to="/o/$organizationId/executions"
          params={{ organizationId }}
          search={{ instance: processInstanceId }}
        >
          Those of this instance
        </PageLink>
      </Group>
      <PageHeader
        title={execution === undefined ? 'Execution' : `Execution of ${execution.workflowId}`}
        status={execution === undefined ? '' : statusName(execution.status)}
        actions={mayRunAgain && <Button onClick={() => setIsAsking(true)}>Run again…</Button>}
      />
      {isAsking && execution !== undefined && (
        <RunAgain
          organizationId={organizationId}
          processInstanceId={processInstanceId}
          execution={execution}
          onClose={() => setIsAsking(false)}
        />
      )}
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {execution !== undefined && (
        <>
          <ExecutionFacts
            organizationId={organizationId}
            processInstanceId={processInstanceId}
            execution={execution}
          />
          <Told execution={execution} />
        </>
      )}
    </Stack>
  );
}
