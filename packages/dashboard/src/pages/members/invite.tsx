import type { Role } from '@latchkey/protocol/permissions';
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Problem } from '../../components/problem.tsx';
import { RoleChoice } from './role-choice.tsx';

/** Invites a person by email. */
export function Invite({
  organizationId,
  own,
  onClose,
}: {
  organizationId: string;
  own: Role;
  onClose: () => void;
}) {
  const invite = useAct('members.invite');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('developer');
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate({ organizationId, email: email.trim(), role }, { onSuccess: onClose });
        }}
      >
        <Stack>
          <TextInput
            label="Email address"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            required
            data-autofocus
          />
          <RoleChoice own={own} value={role} onChange={setRole} />
          <Text size="sm">They get a mail, and become a member when they sign in with this address.</Text>
          {invite.error !== null && <Problem error={invite.error} />}
          <Button type="submit" loading={invite.isPending}>
            Send invitation
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
