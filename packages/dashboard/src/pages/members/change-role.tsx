import type { Role } from '@latchkey/protocol/permissions';
import { Text } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import type { Member } from './member-rows.tsx';
import { RoleChoice } from './role-choice.tsx';

/** Gives a member another role. */
export function ChangeRole({
  organizationId,
  member: { memberId, email, role: present },
  own,
  onClose,
}: {
  organizationId: string;
  member: Member;
  own: Role;
  onClose: () => void;
}) {
  const change = useAct('members.changeRole');
  const [role, setRole] = useState(present);
  return (
    <Dialog title={`Role of ${email}`} onClose={onClose}>
      <ActForm
        act={change}
        action="Change role"
        isReady={role !== present}
        onSubmit={() => change.mutate({ organizationId, memberId, role }, { onSuccess: onClose })}
      >
        <RoleChoice own={own} value={role} onChange={setRole} />
        <Text size="sm">In force with their next request. Keys that they have made keep what they have.</Text>
      </ActForm>
    </Dialog>
  );
}
