import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useParams } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { CreateKey } from './create-key.tsx';
import { EndKey } from './end-key.tsx';
import { KeyRows } from './key-rows.tsx';
import type { InventoryKey } from './key-state.tsx';
import type { Ending } from './use-ending.ts';
import { type InventoryQuestion, useInventory } from './use-inventory.ts';

const states = [
  { value: 'live', label: 'In force' },
  { value: 'disabled', label: 'Disabled' },
  { value: 'ended', label: 'Ended' },
  { value: 'all', label: 'All' },
];
const families = [
  { value: '', label: 'Every kind' },
  { value: 'organization', label: 'Organization' },
  { value: 'personal', label: 'Personal' },
  { value: 'environment', label: 'Environment' },
  { value: 'instance', label: 'Instance' },
];
const orders = [
  { value: 'created descending', label: 'Newest first' },
  { value: 'created ascending', label: 'Oldest first' },
  { value: 'name ascending', label: 'By name' },
  { value: 'lastUsed descending', label: 'Last used first' },
  { value: 'ends ascending', label: 'Ending soonest first' },
];

/** Every key of the organization, found by the server. */
export function Keys() {
  const { organizationId } = useParams({ from: '/o/$organizationId/keys' });
  const [text, setText] = useState('');
  const [state, setState] = useState('live');
  const [family, setFamily] = useState('');
  const [order, setOrder] = useState('created descending');
  const [isCreating, setIsCreating] = useState(false);
  const [ending, setEnding] = useState<{ item: InventoryKey; ending: Ending }>();
  const [sought] = useDebouncedValue(text.trim(), 200);
  const [sort, direction] = order.split(' ');
  const question = {
    organizationId,
    state,
    sort,
    order: direction,
    ...(family !== '' && { family }),
    ...(sought !== '' && { text: sought }),
  } as InventoryQuestion;
  const inventory = useInventory(question);
  const { fetchNextPage, isFetchingNextPage } = inventory;
  const keys = inventory.data?.pages.flatMap((page) => page.keys) ?? [];
  const total = inventory.data?.pages[0]?.total ?? 0;
  const onMore = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  return (
    <Stack>
      <PageHeader
        title="Keys"
        purpose="Everything that can act here: who made it, what it may, and when it was used last."
        status={inventory.data === undefined ? '' : `${total} ${total === 1 ? 'key' : 'keys'}`}
        actions={<Button onClick={() => setIsCreating(true)}>New key</Button>}
      />
      <CreateKey organizationId={organizationId} opened={isCreating} onClose={() => setIsCreating(false)} />
      {ending !== undefined && (
        <EndKey organizationId={organizationId} {...ending} onClose={() => setEnding(undefined)} />
      )}
      <Group align="end">
        <TextInput
          label="Search"
          description="Name, start of the key, or who made it"
          value={text}
          maxLength={100}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <NativeSelect
          label="State"
          data={states}
          value={state}
          onChange={(event) => setState(event.currentTarget.value)}
        />
        <NativeSelect
          label="Kind"
          data={families}
          value={family}
          onChange={(event) => setFamily(event.currentTarget.value)}
        />
        <NativeSelect
          label="Order"
          data={orders}
          value={order}
          onChange={(event) => setOrder(event.currentTarget.value)}
        />
      </Group>
      {inventory.error !== null && (
        <Problem error={inventory.error} onRetry={() => void inventory.refetch()} />
      )}
      {inventory.data !== undefined && total === 0 && <Text>No key is like this.</Text>}
      {total > 0 && (
        <KeyRows
          keys={keys}
          total={total}
          onMore={onMore}
          onEnd={(item, ending) => setEnding({ item, ending })}
        />
      )}
    </Stack>
  );
}
