import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { durationText } from '../../components/duration.ts';
import { Row, Rows } from '../../components/rows.tsx';
import { Time } from '../../components/time.tsx';
import { shareText } from './figures.ts';
import { InstanceState } from './instance-state.tsx';
import { SwitchInstance } from './switch-instance.tsx';
import type { ListedInstance, Statistics } from './use-instances.ts';

/** How it went in the last week. */
function statisticsText(statistics: Statistics | undefined): string {
  if (statistics === undefined) return 'Did not run in the last 7 days';
  const { successRate, medianMs, pending } = statistics;
  const parts = [
    successRate === null ? 'None has ended yet' : `${shareText(successRate)} succeeded`,
    medianMs === null ? '' : `usually in ${durationText(medianMs)}`,
    pending === 0 ? '' : `${pending} under way`,
  ];
  return parts.filter((each) => each !== '').join(' · ');
}

/** The instances of an organization, last executed first. */
export function InstanceRows({
  organizationId,
  instances,
  statistics,
  canManage,
}: {
  organizationId: string;
  instances: readonly ListedInstance[];
  statistics: ReadonlyMap<string, Statistics>;
  canManage: boolean;
}) {
  return (
    <Rows label="Instances">
      {instances.map((instance) => (
        <Row
          key={instance.processInstanceId}
          actions={canManage && !instance.archived && <SwitchInstance instance={instance} />}
        >
          <Group gap="xs">
            <Anchor
              component={Link}
              to={`/o/${organizationId}/instances/${instance.processInstanceId}`}
              fw={600}
            >
              {instance.title}
            </Anchor>
            <Text size="sm">{instance.environment}</Text>
            <InstanceState {...instance} />
          </Group>
          <Text size="sm">
            {statisticsText(statistics.get(instance.processInstanceId))} · last executed{' '}
            <Time at={instance.lastExecutedAt} none="never" />
          </Text>
          <Text size="sm" c="dimmed">
            {instance.workflows.map(({ name }) => name).join(', ')}
          </Text>
        </Row>
      ))}
    </Rows>
  );
}
