import { Button, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { CreateKey } from './create-key.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { KeyFilters } from './key-filters.tsx';
import type { KeyAction } from './key-menu.tsx';
import type { OnAct } from './key-row.tsx';
import { KeyRows } from './key-rows.tsx';
import type { InventoryKey } from './key-state.tsx';
import { useFilters } from './use-filters.ts';
import { useGrants } from './use-grants.ts';
import { useInventory } from './use-inventory.ts';

function NoKey({
  isFirst,
  onCreate,
  onReset,
}: {
  isFirst: boolean;
  onCreate: () => void;
  onReset: () => void;
}) {
  if (!isFirst) {
    return (
      <EmptyState title="No key is like this" action={<Button onClick={onReset}>Show keys in force</Button>}>
        Try fewer words, or another state: keys that have ended are shown only when you ask for them.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Make the first key" action={<Button onClick={onCreate}>Create a key</Button>}>
      A key lets a program in without a person: a CI job, an agent, a server. Give each its own, with only
      what it needs, so that you can end one without stopping the others.
    </EmptyState>
  );
}

function countOf(total: number | undefined): string {
  if (total === undefined) return '';
  return `${total.toLocaleString('en')} ${total === 1 ? 'key' : 'keys'}`;
}

/** Every key of the organization, found by the server. */
export function Keys() {
  const { organizationId } = useParams({ from: '/o/$organizationId/keys' });
  const { filters, question, isEverything, change, reset } = useFilters(organizationId);
  const [isCreating, setIsCreating] = useState(false);
  const [acting, setActing] = useState<{ item: InventoryKey; action: KeyAction }>();
  const grants = useGrants(organizationId);
  const { keyAt, total, error, refetch, onNear } = useInventory(question);
  const onCreate = () => setIsCreating(true);
  const onAct = useCallback<OnAct>((item, action) => setActing({ item, action }), []);
  return (
    <Stack>
      <PageHeader
        title="Keys"
        purpose="Everything that can act here: who made it, what it may, and when it was used last."
        status={countOf(total)}
        actions={
          <Button onClick={onCreate} disabled={grants === undefined}>
            New key
          </Button>
        }
      />
      {isCreating && grants !== undefined && (
        <CreateKey organizationId={organizationId} grants={grants} onClose={() => setIsCreating(false)} />
      )}
      {acting !== undefined && (
        <KeyDialog organizationId={organizationId} {...acting} onClose={() => setActing(undefined)} />
      )}
      <KeyFilters value={filters} onChange={change} />
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {total === 0 && <NoKey isFirst={isEverything} onCreate={onCreate} onReset={reset} />}
      {total !== undefined && total > 0 && (
        <KeyRows organizationId={organizationId} keyAt={keyAt} total={total} onNear={onNear} onAct={onAct} />
      )}
    </Stack>
  );
}
