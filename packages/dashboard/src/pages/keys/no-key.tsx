import { Button, Group } from '@mantine/core';
import { EmptyState } from '../../components/empty-state.tsx';
import type { Filters } from './filters.ts';

/** Stands where the list of an organization would that has no key in force. */
export function NoKeyYet({ onCreate }: { onCreate: () => void }) {
  return (
    <EmptyState title="Make the first key" action={<Button onClick={onCreate}>Create a key</Button>}>
      A key lets a program in without a person: a CI job, an agent, a server. Give each its own, with only
      what it needs, so that you can end one without stopping the others.
    </EmptyState>
  );
}

/** Stands where the list would when nothing is like what was asked for. */
export function NoKeyLikeThis({
  filters: { state },
  onChange,
  onReset,
}: {
  filters: Filters;
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
      Try fewer words. A key is found by its name, by how it begins or its fingerprint, and by who made it.
    </EmptyState>
  );
}
