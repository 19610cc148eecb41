import { managesKeys, type Role, scopesOfRole } from '@latchkey/protocol/permissions';
import { Group, Paper, Stack, Text } from '@mantine/core';
import { useAsked } from '../../api.ts';
import { PageLink } from '../../components/page-link.tsx';
import { Section } from '../../components/section.tsx';
import { StateBadge } from '../../components/state-badge.tsx';

const pages = {
  keys: '/o/$organizationId/keys',
  instances: '/o/$organizationId/instances',
  members: '/o/$organizationId/members',
} as const;

interface Step {
  readonly page: (typeof pages)[keyof typeof pages];
  readonly title: string;
  readonly why: string;
  /** Undefined while that is not known. */
  readonly isDone: boolean | undefined;
}

/** The steps that the person can take. */
function useSteps(organizationId: string, role: Role): Step[] {
  const keys = useAsked('keys.inventory', { organizationId, limit: 1 });
  const instances = useAsked('instances.list', { organizationId, limit: 1 });
  const people = useAsked('members.list', { organizationId });
  const { members = [], invitations = [] } = people.data ?? {};
  const makesInstances = scopesOfRole(role).includes('instances:manage');
  return [
    {
      page: pages.keys,
      title: 'Make a key',
      why: 'It lets a program in without a person: a CI job, an agent, a server.',
      isDone: keys.data && keys.data.total > 0,
    },
    ...(makesInstances
      ? [
          {
            page: pages.instances,
            title: 'Make an instance',
            why: 'It puts workflows of yours behind public URLs, which a key or a signed webhook triggers.',
            isDone: instances.data && instances.data.count > 0,
          },
        ]
      : []),
    ...(managesKeys(role)
      ? [
          {
            page: pages.members,
            title: 'Invite somebody',
            why: 'Each person signs in with their own address, and has a role that you can change.',
            isDone: people.data && members.length + invitations.length > 1,
          },
        ]
      : []),
  ];
}

function StepRow({ organizationId, step }: { organizationId: string; step: Step }) {
  return (
    <li>
      <Group gap="xs">
        <PageLink to={step.page} params={{ organizationId }} fw={600}>
          {step.title}
        </PageLink>
        {step.isDone === true && <StateBadge tone="good" label="Done" />}
      </Group>
      <Text size="sm">{step.why}</Text>
    </li>
  );
}

/** What a new organization begins with; gone once its first steps are done, save for inviting: some stay alone. */
export function FirstSteps({ organizationId, role }: { organizationId: string; role: Role }) {
  const steps = useSteps(organizationId, role);
  const needed = steps.filter(({ page }) => page !== pages.members);
  if (!needed.some(({ isDone }) => isDone === false)) return null;
  return (
    <Paper withBorder p="md">
      <Section title="First steps">
        {!managesKeys(role) && (
          <Text size="sm">Done is what you can see done: what others keep to themselves does not count.</Text>
        )}
        <Stack component="ol" gap="sm" m={0} pl="lg">
          {steps.map((step) => (
            <StepRow key={step.title} organizationId={organizationId} step={step} />
          ))}
        </Stack>
      </Section>
    </Paper>
  );
}
