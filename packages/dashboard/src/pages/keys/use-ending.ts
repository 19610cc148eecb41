import type { Output } from '@latchkey/protocol';
import { client, useChange } from '../../api.ts';
import type { InventoryKey } from './key-state.tsx';

/** What can be done to a key to end, pause or resume it. */
export type Ending = 'revoke' | 'disable' | 'enable';

type Ended = Pick<Output<'keys.revoke'>, 'receipt'>;

/** Ends, pauses or resumes a key of any family that is managed here; answers when that is in force everywhere. */
export function useEnding(organizationId: string, item: InventoryKey, ending: Ending) {
  const { family, environment, keyId, shown } = item;
  return useChange<void, Ended>((_wanted, options) =>
    // Environment keys are named by where they belong, the others by their id.
    family === 'environment' && environment !== null
      ? client.callOrThrow(`environmentKeys.${ending}`, { organizationId, environment, key: shown }, options)
      : client.callOrThrow(`keys.${ending}`, { keyId }, options),
  );
}
