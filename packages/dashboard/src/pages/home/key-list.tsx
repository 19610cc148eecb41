import type { Output } from '@latchkey/protocol';
import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageLink } from '../../components/page-link.tsx';

type Found = Output<'keys.inventory'>;

/** How many keys the home page names. */
export const maxNamed = 5;

/** Some keys, each with what is to be said of it, and how many there are besides. */
export function KeyList({
  organizationId,
  label,
  found: { keys, total },
  tell,
}: {
  organizationId: string;
  label: string;
  found: Found;
  tell: (key: Found['keys'][number]) => ReactNode;
}) {
  return (
    <>
      <Stack component="ul" gap="xs" p={0} m={0} aria-label={label}>
        {keys.map((key) => (
          <Group key={key.keyId} component="li" justify="space-between" gap="xs">
            <PageLink
              to="/o/$organizationId/keys/$keyId"
              params={{ organizationId, keyId: key.keyId }}
              preload={false}
            >
              {key.name}
            </PageLink>
            <Text size="sm">{tell(key)}</Text>
          </Group>
        ))}
      </Stack>
      {total > keys.length && <Text size="sm">And {(total - keys.length).toLocaleString('en')} more.</Text>}
    </>
  );
}
