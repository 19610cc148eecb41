import { SimpleGrid, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { PageHeader } from '../../components/page-header.tsx';
import { useRole } from '../../components/use-role.ts';
import { EndingKeys } from './ending-keys.tsx';
import { FailingInstances } from './failing-instances.tsx';
import { FirstSteps } from './first-steps.tsx';
import { LastEvents } from './last-events.tsx';
import { UnusedKeys } from './unused-keys.tsx';
import { Verdicts } from './verdicts.tsx';

/** What is asked for, each by itself. */
function Cards({ organizationId }: { organizationId: string }) {
  const { role, isAdmin } = useRole(organizationId);
  const place = { organizationId };
  return (
    <>
      {role !== undefined && <FirstSteps {...place} role={role} />}
      {role !== undefined && <Verdicts {...place} isAdmin={isAdmin} />}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <EndingKeys {...place} isAdmin={isAdmin} />
        <UnusedKeys {...place} isAdmin={isAdmin} />
        <FailingInstances {...place} isAdmin={isAdmin} />
        {isAdmin && <LastEvents {...place} />}
      </SimpleGrid>
    </>
  );
}

/** What deserves a look today. The frame can be used before the cards are there. */
export function Home() {
  const { organizationId } = useParams({ from: '/o/$organizationId/' });
  const hasCards = useDeferredValue(true, false);
  return (
    <Stack gap="lg">
      <PageHeader title="Home" purpose="What deserves a look today." />
      {hasCards && <Cards organizationId={organizationId} />}
    </Stack>
  );
}
