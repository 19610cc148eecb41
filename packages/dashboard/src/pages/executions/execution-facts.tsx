import { Code, Group, Text } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { durationText } from '../../components/duration.ts';
import { environmentName } from '../../components/environments.ts';
import { ExecutionState } from '../../components/execution-state.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { Time } from '../../components/time.tsx';
import type { Execution } from '../../components/use-execution.ts';
import { StartedBy } from './started-by.tsx';

/** Where an execution belongs; the address leads to it from others. */
interface Place {
  readonly organizationId: string;
  readonly processInstanceId: string;
}

function InstanceLink({ organizationId, processInstanceId }: Place) {
  const instance = useAsked('instances.get', { processInstanceId }).data;
  return (
    <PageLink
      to="/o/$organizationId/instances/$instanceId"
      params={{ organizationId, instanceId: processInstanceId }}
    >
      {instance === undefined
        ? 'Its instance'
        : `${instance.title} (${environmentName(instance.environment)})`}
    </PageLink>
  );
}

function Reruns({ reruns, ...place }: Place & Pick<Execution, 'reruns'>) {
  return reruns.map(({ executionId, status, createdAt }) => (
    <Text key={executionId} component="div">
      <PageLink
        to="/o/$organizationId/executions/$processInstanceId/$executionId"
        params={{ ...place, executionId }}
        preload={false}
      >
        <Time at={createdAt} />
      </PageLink>{' '}
      <ExecutionState status={status} />
    </Text>
  ));
}

/** What an execution is, how it was started, and how far it is. */
export function ExecutionFacts({ execution, ...place }: Place & { execution: Execution }) {
  const { startedBy, duration, rerunOf, reruns } = execution;
  const { organizationId } = place;
  return (
    <Facts>
      <Fact label="Status">
        <ExecutionState status={execution.status} />
      </Fact>
      <Fact label="Instance">
        <InstanceLink {...place} />
      </Fact>
      <Fact label="Started">
        <Time at={execution.createdAt} />
      </Fact>
      <Fact label="Took">{duration === undefined ? 'Not known yet' : durationText(duration)}</Fact>
      <Fact label="Started by">
        <StartedBy organizationId={organizationId} startedBy={startedBy} />
      </Fact>
      <Fact label="Id">
        <Group gap="xs">
          <Code>{execution.executionId}</Code>
          <CopyButton value={execution.executionId} label="Copy the id" size="compact-xs" variant="default" />
        </Group>
      </Fact>
      <Fact label="Attempts">{execution.attempts}</Fact>
      {rerunOf !== null && (
        <Fact label="Repeats">
          <PageLink
            to="/o/$organizationId/executions/$processInstanceId/$executionId"
            params={{ ...place, executionId: rerunOf }}
            preload={false}
          >
            An earlier execution
          </PageLink>
        </Fact>
      )}
      {reruns.length > 0 && (
        <Fact label="Run again">
          <Reruns reruns={reruns} {...place} />
        </Fact>
      )}
    </Facts>
  );
}
