import { Code, Group, Text } from '@mantine/core';
import { environmentName } from '../../components/environments.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { StateBadge, type Tone } from '../../components/state-badge.tsx';
import { Time } from '../../components/time.tsx';
import { Told } from './subject.tsx';
import type { AuditEvent, Names } from './use-audit.ts';

const outcomes: Readonly<Record<AuditEvent['outcome'], { tone: Tone; label: string }>> = {
  done: { tone: 'good', label: 'Done' },
  refused: { tone: 'warning', label: 'Refused' },
  failed: { tone: 'bad', label: 'Failed' },
};

/** Who did it, as people know them. */
function whoDid({ actor }: AuditEvent, names: Names): string {
  if (actor.email !== null) return actor.email;
  if (actor.kind === 'key') {
    return `The key ${names[actor.id ?? '']?.name ?? actor.fingerprint ?? actor.id ?? ''}`;
  }
  return { user: 'A person', operator: 'The operator', system: 'The server', anonymous: 'Somebody' }[
    actor.kind
  ];
}

/** Where it happened. */
function placeOf({ environment, workspace }: AuditEvent): string {
  return [environment === null ? null : environmentName(environment), workspace]
    .filter((each) => each !== null)
    .join(', ');
}

/** All that the event says, as it is written. */
function Details({ event }: { event: AuditEvent }) {
  const { seq, action, resource, actor, address, client, requestId, details } = event;
  const facts: readonly (readonly [string, string | number | boolean | null])[] = [
    ['Event', seq],
    ['Action', action],
    [`Id (${resource.type})`, resource.id],
    [`Id of who did it (${actor.kind})`, actor.id],
    ['From address', address],
    ['Client', client],
    ['Request', requestId],
    ...Object.entries(details),
  ];
  return (
    <details>
      <summary>Details</summary>
      <Facts>
        {facts
          .filter(([, value]) => value !== null)
          .map(([label, value]) => (
            <Fact key={label} label={label}>
              {String(value)}
            </Fact>
          ))}
      </Facts>
    </details>
  );
}

function EventRow({ organizationId, event, names }: Shown & { event: AuditEvent }) {
  const { outcome, code, at } = event;
  const place = placeOf(event);
  return (
    <Row>
      <Group gap="xs">
        <Text fw={600}>
          <Told organizationId={organizationId} event={event} names={names} />
        </Text>
        {outcome !== 'done' && <StateBadge {...outcomes[outcome]} />}
        {code !== null && <Code>{code}</Code>}
      </Group>
      <Text size="sm">
        {whoDid(event, names)}, <Time at={at} />
        {place !== '' && `, in ${place}`}
      </Text>
      <Details event={event} />
    </Row>
  );
}

interface Shown {
  readonly organizationId: string;
  readonly names: Names;
}

/** Events in the order in which they come. */
export function EventRows({ events, ...shown }: Shown & { events: readonly AuditEvent[] }) {
  return (
    <Rows label="Audit events">
      {events.map((event) => (
        <EventRow key={event.seq} event={event} {...shown} />
      ))}
    </Rows>
  );
}
