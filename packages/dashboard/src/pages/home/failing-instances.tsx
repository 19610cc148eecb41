import type { Output } from '@latchkey/protocol';
import { Stack, Text } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { environmentName } from '../../components/environments.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Time } from '../../components/time.tsx';
import { Card, lookEveryMs } from './card.tsx';

type Counted = Output<'instances.statistics'>['instances'][number];

const maxNamed = 5;

function failuresOf({ failed, timedOut }: Counted): number {
  return failed + timedOut;
}

/** Those with failures, most of them first. */
function failing(instances: readonly Counted[]): Counted[] {
  return instances
    .filter((each) => failuresOf(each) > 0)
    .toSorted((one, other) => failuresOf(other) - failuresOf(one));
}

function Failing({ organizationId, instance }: { organizationId: string; instance: Counted }) {
  const { processInstanceId, title, environment, lastFailure, succeeded } = instance;
  const failures = failuresOf(instance);
  return (
    <li>
      <PageLink
        to="/o/$organizationId/executions"
        params={{ organizationId }}
        search={{ instance: processInstanceId, status: 'failed' }}
      >
        {title} ({environmentName(environment)})
      </PageLink>
      <Text size="sm">
        {failures} of {failures + succeeded} failed.
        {lastFailure !== null && (
          <>
            {' '}
            Last <Time at={lastFailure.at} />: {lastFailure.message}
          </>
        )}
      </Text>
    </li>
  );
}

/** Instances whose executions failed within a day. */
export function FailingInstances({ organizationId, isAdmin }: { organizationId: string; isAdmin: boolean }) {
  const question = useAsked('instances.statistics', { organizationId, hours: 24 }, { every: lookEveryMs });
  const all = failing(question.data?.instances ?? []);
  return (
    <Card
      title="Instances that fail"
      question={question}
      isEmpty={all.length === 0}
      none={`No execution ${isAdmin ? '' : 'that you may see '}failed in the last 24 hours.`}
      link={
        <PageLink
          to="/o/$organizationId/executions"
          params={{ organizationId }}
          search={{ status: 'failed' }}
        >
          All that failed
        </PageLink>
      }
    >
      <Stack
        component="ul"
        gap="xs"
        p={0}
        m={0}
        style={{ listStyle: 'none' }}
        aria-label="Instances that fail"
      >
        {all.slice(0, maxNamed).map((instance) => (
          <Failing key={instance.processInstanceId} organizationId={organizationId} instance={instance} />
        ))}
      </Stack>
      {all.length > maxNamed && <Text size="sm">And {all.length - maxNamed} more.</Text>}
    </Card>
  );
}
