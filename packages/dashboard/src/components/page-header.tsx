import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useMatch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';

/** The address whose heading was shown last; none before the first, where the focus belongs to the skip link. */
let shownPath: string | undefined;

/** Whoever goes on to another page reads on at its heading, which a screen reader then says. */
function useFocusAfterNavigation() {
  const heading = useRef<HTMLHeadingElement>(null);
  // That of the page itself: the address is ahead of it while the next page is loaded.
  const path = useMatch({ strict: false, select: ({ pathname }) => pathname });
  useEffect(() => {
    if (shownPath !== undefined && shownPath !== path) heading.current?.focus();
    shownPath = path;
  }, [path]);
  return heading;
}

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
  const heading = useFocusAfterNavigation();
  useDocumentTitle(`${title} · Latchkey`);
  return (
    <Group justify="space-between" align="start" gap="sm">
      <Stack gap={2} miw={0}>
        <Group align="baseline" gap="sm">
          <Title order={1} size="h2" ref={heading} tabIndex={-1}>
            {title}
          </Title>
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
