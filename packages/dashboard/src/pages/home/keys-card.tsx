import type { Request as Asked, Output } from '@latchkey/protocol';
import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAsked } from '../../api.ts';
import { PageLink } from '../../components/page-link.tsx';
import type { Filters } from '../keys/filters.ts';
import { Card, lookEveryMs } from './card.tsx';

type Found = Output<'keys.inventory'>;

/** How many keys the home page names. */
const maxNamed = 5;

function KeyList({
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

/**
 * The first keys that `which` finds, each with what `tell` says of it, and how many there are besides. `all` leads to
 * the page that shows them, filtered by `filters`; `none` stands where there is none.
 */
export function KeysCard({
  organizationId,
  title,
  which,
  none,
  all,
  filters,
  tell,
}: {
  organizationId: string;
  title: string;
  which: Omit<Asked<'keys.inventory'>, 'organizationId' | 'limit'>;
  none: string;
  all: string;
  filters: Partial<Filters>;
  tell: (key: Found['keys'][number]) => ReactNode;
}) {
  const asked = { organizationId, limit: maxNamed, ...which };
  const question = useAsked('keys.inventory', asked, { every: lookEveryMs });
  const { data } = question;
  return (
    <Card
      title={title}
      question={question}
      isEmpty={data?.total === 0}
      none={none}
      link={
        <PageLink to="/o/$organizationId/keys" params={{ organizationId }} search={filters}>
          {all}
        </PageLink>
      }
    >
      {data !== undefined && (
        <KeyList organizationId={organizationId} label={title} found={data} tell={tell} />
      )}
    </Card>
  );
}
