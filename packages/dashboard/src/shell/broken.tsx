import { Stack } from '@mantine/core';
import { PageHeader } from '../components/page-header.tsx';
import { Problem } from '../components/problem.tsx';

/** A page that could not be loaded or shown. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Stack>
      <PageHeader title="This page could not be shown" />
      <Problem error={error} onRetry={reset} />
    </Stack>
  );
}
