import { Code, Group, Text } from '@mantine/core';
import { Row, Rows } from '../../components/rows.tsx';
import { StateBadge, type Tone } from '../../components/state-badge.tsx';
import { Time } from '../../components/time.tsx';
import type { AuditEvent } from './use-audit.ts';

const tones: Readonly<Record<AuditEvent['outcome'], Tone>> = {
  done: 'good',
  refused: 'warning',
  failed: 'bad',
};

/** Who did it, as people know them. */
function whoDid({ actor }: AuditEvent): string {
  if (actor.email !== null) return actor.email;
  if (actor.kind === 'key') return `Key ${actor.fingerprint ?? actor.id ?? ''}`;
  return { user: 'A person', operator: 'The operator', system: 'The server', anonymous: 'Somebody' }[
    actor.kind
  ];
}

/** What it was done to, where, and from where. */
function detailsOf({ resource, environment, workspace, address, client, details }: AuditEvent): string {
  const where = [environment, workspace].filter((each) => each !== null).join(' / ');
  return [
    resource.id === null ? resource.type : `${resource.type} ${resource.id}`,
    where,
    ...Object.entries(details).map(([name, value]) => `${name}: ${value}`),
    address === null ? '' : `from ${address}`,
    client ?? '',
  ]
    .filter((each) => each !== '')
    .join(' · ');
}

function EventRow({ event }: { event: AuditEvent }) {
  const { action, outcome, code, at } = event;
  return (
    <Row>
      <Group gap="xs">
        <Text fw={600}>{action}</Text>
        <StateBadge tone={tones[outcome]} label={outcome} />
        {code !== null && <Code>{code}</Code>}
      </Group>
      <Text size="sm">
        {whoDid(event)}, <Time at={at} />
      </Text>
      <Text size="sm" c="dimmed">
        {detailsOf(event)}
      </Text>
    </Row>
  );
}

/** Events in the order in which they come. */
export function EventRows({ events }: { events: readonly AuditEvent[] }) {
  return (
    <Rows label="Audit events">
      {events.map((event) => (
        <EventRow key={event.seq} event={event} />
      ))}
    </Rows>
  );
}
