import { SimpleGrid, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { useRole } from '../../components/use-role.ts';
import { EndingKeys } from './ending-keys.tsx';
import { FailingInstances } from './failing-instances.tsx';
import { FirstSteps } from './first-steps.tsx';
import { LastEvents } from './last-events.tsx';
import { UnusedKeys } from './unused-keys.tsx';
import { Verdicts } from './verdicts.tsx';

/** What deserves a look today. */
export function Home() {
  const { organizationId } = useParams({ from: '/o/$organizationId/' });
  const { role, isAdmin } = useRole(organizationId);
  const place = { organizationId };
  return (
    <Stack gap="lg">
      <PageHeader title="Home" purpose="What deserves a look today." />
      {role !== undefined && <FirstSteps {...place} role={role} />}
      <Verdicts {...place} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <EndingKeys {...place} />
        <UnusedKeys {...place} />
        <FailingInstances {...place} />
        {isAdmin && <LastEvents {...place} />}
      </SimpleGrid>
    </Stack>
  );
}
