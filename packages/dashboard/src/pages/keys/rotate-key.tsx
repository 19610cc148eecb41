import type { Output } from '@latchkey/protocol';
import { Alert, Stack, Text } from '@mantine/core';
import { useAct, useAsked } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { SecretOnce } from '../../components/secret-once.tsx';
import { Time } from '../../components/time.tsx';
import type { InventoryKey } from './key-state.tsx';
import { LastUse } from './last-use.tsx';
import { isMadeBefore, LostSecret } from './lost-secret.tsx';

const lookEveryMs = 5_000;

/** Who still uses the key that was replaced, while it still works. */
function OldKey({
  organizationId,
  replaced,
}: {
  organizationId: string;
  replaced: Output<'environmentKeys.rotate'>['replaced'];
}) {
  const question = {
    organizationId,
    family: 'environment',
    state: 'all',
    text: replaced.fingerprint,
  } as const;
  const found = useAsked('keys.inventory', question, { every: lookEveryMs }).data?.keys;
  const old = found?.find(({ keyId }) => keyId === replaced.keyId);
  return (
    <Alert color="blue" title="The old key still works">
      <Text size="sm">
        {replaced.fingerprint} ends <Time at={replaced.endsAt} />. Put the new one wherever it is used before
        then.
      </Text>
      <LastUse lastUsed={old?.lastUsed ?? replaced.lastUsed} />
    </Alert>
  );
}

/** The new secret, and what becomes of the old one. */
function Rotated({
  organizationId,
  made,
  onClose,
}: {
  organizationId: string;
  made: Output<'environmentKeys.rotate'>;
  onClose: () => void;
}) {
  return (
    <Stack>
      <SecretOnce secret={made.apiKey} onDone={onClose} />
      <OldKey organizationId={organizationId} replaced={made.replaced} />
    </Stack>
  );
}

/** Replaces an environment key; both work for a day, and the page says who still uses the old one. */
export function RotateKey({
  organizationId,
  item,
  onClose,
}: {
  organizationId: string;
  item: InventoryKey;
  onClose: () => void;
}) {
  const rotate = useAct('environmentKeys.rotate');
  const { environment, shown: key } = item;
  const made = rotate.data && (
    <Rotated organizationId={organizationId} made={rotate.data} onClose={onClose} />
  );
  return (
    <ConfirmDialog
      title={`Rotate ${item.name}`}
      action="Rotate"
      isDangerous={false}
      isPending={rotate.isPending}
      error={rotate.error}
      done={isMadeBefore(rotate.error) ? <LostSecret onClose={onClose} /> : made}
      onConfirm={() => environment !== null && rotate.mutate({ organizationId, environment, key })}
      onClose={onClose}
    >
      <Text>
        <strong>{item.name}</strong> ({item.shown}) gets a successor with the same name and rights. Both work
        for 24 hours, then the old one ends.
      </Text>
      <LastUse lastUsed={item.lastUsed} />
    </ConfirmDialog>
  );
}
