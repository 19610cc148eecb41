import type { Role } from '@latchkey/protocol/permissions';
import { Text } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { emailAddress } from '../../components/form/field-rules.ts';
import { TextField } from '../../components/form/text-field.tsx';
import { RoleChoice } from './role-choice.tsx';

/** Invites a person by email. */
export function Invite({
  organizationId,
  own,
  sendsMail,
  onClose,
}: {
  organizationId: string;
  own: Role;
  sendsMail: boolean;
  onClose: () => void;
}) {
  const invite = useAct('members.invite');
  const [email, setEmail] = useInputState('');
  const [role, setRole] = useState<Role>('developer');
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <ActForm
        act={invite}
        action="Send invitation"
        onSubmit={() => invite.mutate({ organizationId, email: email.trim(), role }, { onSuccess: onClose })}
      >
        <TextField
          label="Email address"
          type="email"
          name="email"
          about={['EMAIL_INVALID']}
          shape={emailAddress}
          value={email}
          onChange={setEmail}
          required
          data-autofocus
        />
        <RoleChoice own={own} value={role} onChange={setRole} />
        <Text size="sm">
          {sendsMail ? 'They get a mail, and' : 'This server sends no mail yet: tell them yourself. They'}{' '}
          become a member when they sign in with this address.
        </Text>
      </ActForm>
    </Dialog>
  );
}
