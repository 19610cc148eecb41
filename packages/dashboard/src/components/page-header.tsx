import { Group, Stack, Text } from '@mantine/core';
import { useMatch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Heading } from './heading.tsx';

/**
 * The head of each page: `purpose` says in one line what it is for, `status` how much there is (announced when it
 * changes), `actions` stand at its end. Names the document too.
 */
export function PageHeader({
  title,
  purpose,
  status,
  actions,
}: {
  title: string;
  purpose?: string;
  status?: string;
  actions?: ReactNode;
}) {
  // That of the page itself: the address is ahead of it while the next page is loaded.
  const path = useMatch({ strict: false, select: ({ pathname }) => pathname });
  return (
    <Group justify="space-between" align="start" gap="sm">
      <Stack gap={2} miw={0}>
        <Group align="baseline" gap="sm">
          <Heading title={title} path={path} />
          {status !== undefined && (
            <Text role="status" size="sm" c="dimmed">
              {status}
            </Text>
          )}
        </Group>
        {purpose !== undefined && <Text c="dimmed">{purpose}</Text>}
      </Stack>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
