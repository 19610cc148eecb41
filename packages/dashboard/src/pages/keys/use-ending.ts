import type { Output } from '@latchkey/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../../api.ts';
import type { InventoryKey } from './key-state.tsx';

/** What can be done to a key to end, pause or resume it. */
export type Ending = 'revoke' | 'disable' | 'enable';

type Ended = Pick<Output<'keys.revoke'>, 'receipt'>;

/** Environment keys are named by where they belong, the others by their id. */
function end(
  organizationId: string,
  { family, environment, keyId, shown }: InventoryKey,
  ending: Ending,
): Promise<Ended> {
  const options = { idempotencyKey: crypto.randomUUID() };
  if (family !== 'environment' || environment === null)
    return client.callOrThrow(`keys.${ending}`, { keyId }, options);
  return client.callOrThrow(
    `environmentKeys.${ending}`,
    { organizationId, environment, key: shown },
    options,
  );
}

/** Ends, pauses or resumes a key of any family that is managed here; answers when that is in force everywhere. */
export function useEnding(organizationId: string, item: InventoryKey, ending: Ending) {
  const shown = useQueryClient();
  return useMutation({
    mutationFn: () => end(organizationId, item, ending),
    onSettled: () => shown.invalidateQueries(),
  });
}
