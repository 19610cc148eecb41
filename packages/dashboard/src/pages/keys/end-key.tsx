import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Problem } from '../../components/problem.tsx';
import type { InventoryKey } from './key-state.tsx';
import { type Ending, useEnding } from './use-ending.ts';

const words: Readonly<Record<Ending, { title: string; what: string; action: string }>> = {
  revoke: {
    title: 'Revoke this key?',
    what: 'It is refused everywhere from the moment this is done, for good. Whatever uses it stops working.',
    action: 'Revoke',
  },
  disable: {
    title: 'Disable this key?',
    what: 'It is refused everywhere until somebody enables it again.',
    action: 'Disable',
  },
  enable: {
    title: 'Enable this key?',
    what: 'It may again do everything that it could before.',
    action: 'Enable',
  },
};

/** Says in how far nobody accepts the key any more. */
function Done({ holders, onClose }: { holders: number; onClose: () => void }) {
  return (
    <Stack>
      <Text role="status">
        Done. {holders === 0 ? 'Nobody had it in memory.' : `All ${holders} that had it in memory know.`}
      </Text>
      <Button onClick={onClose}>Close</Button>
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
  const { title, what, action } = words[ending];
  return (
    <Modal opened onClose={onClose} title={title}>
      {act.data !== undefined ? (
        <Done holders={act.data.receipt?.holders.length ?? 0} onClose={onClose} />
      ) : (
        <Stack>
          <Text>
            <strong>{item.name}</strong> ({item.shown}). {what}
          </Text>
          {act.error !== null && <Problem error={act.error} />}
          <Group>
            <Button
              color={ending === 'enable' ? 'blue' : 'red'}
              loading={act.isPending}
              onClick={() => act.mutate()}
            >
              {action}
            </Button>
            <Button variant="default" onClick={onClose} data-autofocus>
              Cancel
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
