import { Button, Group, Text } from '@mantine/core';
import { EmptyState } from '../../components/empty-state.tsx';
import { seenKeys } from '../../components/what-you-see.ts';
import type { Filters } from './filters.ts';

/** Stands where the list would of keys in force; only owners and admins know that there is none. */
export function NoKeyYet({ isAdmin, onCreate }: { isAdmin: boolean; onCreate: () => void }) {
  return (
    <EmptyState
      title={isAdmin ? 'Make the first key' : 'No key that you may see'}
      action={<Button onClick={onCreate}>Create a key</Button>}
    >
      {!isAdmin && <Text>{seenKeys}</Text>}
      <Text>
        A key lets a program in without a person: a CI job, an agent, a server. Give each its own, with only
        what it needs, so that you can end one without stopping the others.
      </Text>
    </EmptyState>
  );
}

/** Stands where the list would when nothing is like what was asked for. */
export function NoKeyLikeThis({
  filters: { state, text },
  isAdmin,
  onChange,
  onReset,
}: {
  filters: Filters;
  isAdmin: boolean;
  onChange: (changed: Partial<Filters>) => void;
  onReset: () => void;
}) {
  const actions = (
    <Group gap="xs">
      {state !== 'all' && (
        <Button onClick={() => onChange({ state: 'all' })}>
          {state === 'live' ? 'Look among keys that have ended, too' : 'Look among all keys'}
        </Button>
      )}
      <Button variant="default" onClick={onReset}>
        Show all keys in force
      </Button>
    </Group>
  );
  return (
    <EmptyState title="No key is like this" action={actions}>
      {text.trim() !== '' && (
        <Text>
          Try fewer words. A key is found by its name, by how it begins or its fingerprint, and by who made
          it.
        </Text>
      )}
      {!isAdmin && <Text>{seenKeys}</Text>}
    </EmptyState>
  );
}
