import { Button, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { useRole } from '../../components/use-role.ts';
import { CreateKey } from './create-key.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { KeyFilters } from './key-filters.tsx';
import type { KeyAction } from './key-menu.tsx';
import type { OnAct } from './key-row.tsx';
import { KeyRows } from './key-rows.tsx';
import type { InventoryKey } from './key-state.tsx';
import { NoKeyLikeThis, NoKeyYet } from './no-key.tsx';
import { PastedKey } from './pasted-key.tsx';
import { useFilters } from './use-filters.ts';
import { useGrants } from './use-grants.ts';
import { useInventory } from './use-inventory.ts';

function countOf(total: number | undefined): string {
  if (total === undefined) return '';
  return `${total.toLocaleString('en')} ${total === 1 ? 'key' : 'keys'}`;
}

/** Every key of the organization, found by the server. */
export function Keys() {
  const { organizationId } = useParams({ from: '/o/$organizationId/keys' });
  const { filters, question, isEverything, holdsKey, change, reset } = useFilters(organizationId);
  const [isCreating, setIsCreating] = useState(false);
  const [acting, setActing] = useState<{ item: InventoryKey; action: KeyAction }>();
  const grants = useGrants(organizationId);
  const { isAdmin } = useRole(organizationId);
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
      {holdsKey && <PastedKey toldBy={filters.text.trim()} />}
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {total === 0 && isEverything && <NoKeyYet isAdmin={isAdmin} onCreate={onCreate} />}
      {total === 0 && !isEverything && (
        <NoKeyLikeThis filters={filters} isAdmin={isAdmin} onChange={change} onReset={reset} />
      )}
      {total !== undefined && total > 0 && (
        <KeyRows organizationId={organizationId} keyAt={keyAt} total={total} onNear={onNear} onAct={onAct} />
      )}
    </Stack>
  );
}
