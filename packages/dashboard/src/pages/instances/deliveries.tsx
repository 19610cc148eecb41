import type { Output } from '@latchkey/protocol';
import { Code, Group, Stack, Text, Title } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Problem } from '../../components/problem.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { StateBadge, type Tone } from '../../components/state-badge.tsx';
import { Time } from '../../components/time.tsx';
import type { Endpoint } from './add-secret.tsx';
import { providerNames } from './providers.ts';

type Delivery = Output<'signingSecrets.deliveries'>['deliveries'][number];

const lookAgainMs = 3_000;

const outcomes: Readonly<Record<Delivery['outcome'], { tone: Tone; label: string }>> = {
  accepted: { tone: 'good', label: 'Accepted' },
  repeated: { tone: 'over', label: 'Came before' },
  refused: { tone: 'bad', label: 'Refused' },
};

interface Where {
  readonly organizationId: string;
  readonly endpoint: Endpoint;
}

/** What an accepted message has begun, or has begun when it came first. */
function Begun({ organizationId, endpoint, executionId }: Where & { executionId: string }) {
  const { processInstanceId } = endpoint;
  return (
    <PageLink
      to="/o/$organizationId/executions/$processInstanceId/$executionId"
      params={{ organizationId, processInstanceId, executionId }}
      preload={false}
      size="sm"
    >
      Open its execution
    </PageLink>
  );
}

/** What is to be done about a refused message, here: the sender was told the command that does it. */
function nextStepOf({ code, explanation, nextAction }: Delivery): string | null {
  if (code !== 'INSTANCE_INACTIVE') return nextAction;
  return explanation?.includes('paused')
    ? 'Activate the instance at the top of this page, then have the sender deliver it again.'
    : 'Make another instance: an archived one starts nothing any more.';
}

function DeliveryRow({ delivery, ...where }: Where & { delivery: Delivery }) {
  const { executionId } = delivery;
  const nextStep = nextStepOf(delivery);
  const { at, scheme, outcome, code, explanation, label, messageId, sizeBytes } = delivery;
  return (
    <Row>
      <Group gap="xs">
        <StateBadge {...outcomes[outcome]} />
        <Text size="sm">
          {providerNames[scheme]}
          {label !== null && `, signed with ${label}`}, <Time at={at} />
        </Text>
        {outcome === 'refused' && <Code>{code}</Code>}
      </Group>
      {executionId !== null && <Begun executionId={executionId} {...where} />}
      {explanation !== null && <Text size="sm">{explanation}</Text>}
      {nextStep !== null && (
        <Text size="sm" fw={600}>
          {nextStep}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {messageId !== null && `${messageId} · `}
        {sizeBytes} bytes
      </Text>
    </Row>
  );
}

/** What became of the last signed messages to a workflow, looked at again while it is shown. */
export function Deliveries({ organizationId, endpoint, name }: Where & { name: string }) {
  const { data, error, refetch } = useAsked('signingSecrets.deliveries', endpoint, { every: lookAgainMs });
  return (
    <Stack gap="sm">
      <Title order={3} size="h6">
        Last deliveries
      </Title>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data?.deliveries.length === 0 && (
        <Text size="sm">
          No signed message has come yet. Have the sender send a test event: it shows here within seconds, and
          if it is refused, why.
        </Text>
      )}
      {data !== undefined && data.deliveries.length > 0 && (
        <Rows label={`Last deliveries to ${name}`}>
          {data.deliveries.map((delivery) => (
            <DeliveryRow
              key={`${delivery.at} ${delivery.messageId} ${delivery.code}`}
              delivery={delivery}
              organizationId={organizationId}
              endpoint={endpoint}
            />
          ))}
        </Rows>
      )}
    </Stack>
  );
}
