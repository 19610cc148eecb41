import { Text } from '@mantine/core';
import { Time } from '../../components/time.tsx';
import type { InventoryKey } from './key-state.tsx';

/** When, from where and by what a key was used last, in a sentence. */
export function LastUse({ lastUsed }: Pick<InventoryKey, 'lastUsed'>) {
  if (lastUsed === null) return <Text size="sm">No request with it was accepted yet.</Text>;
  const { at, address, client } = lastUsed;
  return (
    <Text size="sm">
      Last used <Time at={at} />
      {address !== null && ` from ${address}`}
      {client !== null && ` by ${client}`}.
    </Text>
  );
}
