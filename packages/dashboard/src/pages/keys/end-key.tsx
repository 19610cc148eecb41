import { Button, Stack, Text } from '@mantine/core';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { takeFocus } from '../../components/take-focus.ts';
import type { InventoryKey } from './key-state.tsx';
import { LastUse } from './last-use.tsx';
import { type Ending, useEnding } from './use-ending.ts';

interface Words {
  readonly title: string;
  readonly what: string;
  readonly final?: string;
  readonly action: string;
  readonly doneTitle: string;
}

const words: Readonly<Record<Ending, Words>> = {
  revoke: {
    title: 'Revoke this key?',
    what: 'It is refused everywhere from the moment this is done. Whatever uses it stops working.',
    final: 'This cannot be undone: nobody can bring a revoked key back.',
    action: 'Revoke',
    doneTitle: 'The key is revoked',
  },
  disable: {
    title: 'Disable this key?',
    what: 'It is refused everywhere until somebody enables it again.',
    action: 'Disable',
    doneTitle: 'The key is disabled',
  },
  enable: {
    title: 'Enable this key?',
    what: 'It may again do everything that it could before.',
    action: 'Enable',
    doneTitle: 'The key is enabled',
  },
};

/** How many servers and verifiers had the key in memory, all of which know by now. */
function heldBy(holders: number): string {
  if (holders === 0) return 'Nobody had the key in memory.';
  const one = 'The one server or verifier that had the key in memory knows.';
  return holders === 1 ? one : `All ${holders} servers and verifiers that had the key in memory know.`;
}

/** Says in how far nobody accepts the key any more. */
function Done({ holders, onClose }: { holders: number; onClose: () => void }) {
  return (
    <Stack>
      <Text role="status">It is done, and in force. {heldBy(holders)}</Text>
      <Button onClick={onClose} ref={takeFocus}>
        Close
      </Button>
    </Stack>
  );
}

/** Asks before a key is ended, paused or resumed, and says when that is in force. */
export function EndKey({
  organizationId,
  item,
  ending,
  onClose,
}: {
  organizationId: string;
  item: InventoryKey;
  ending: Ending;
  onClose: () => void;
}) {
  const act = useEnding(organizationId, item, ending);
  const { what, ...said } = words[ending];
  const holders = act.data?.receipt?.holders.length ?? 0;
  return (
    <ConfirmDialog
      {...said}
      isDangerous={ending !== 'enable'}
      isPending={act.isPending}
      error={act.error}
      done={act.data && <Done holders={holders} onClose={onClose} />}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    >
      <Text>
        <strong>{item.name}</strong> ({item.shown}). {what}
      </Text>
      <LastUse lastUsed={item.lastUsed} />
    </ConfirmDialog>
  );
}
