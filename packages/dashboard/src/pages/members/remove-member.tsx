import { useAct } from '../../api.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';

/** Who goes: a member, the person themselves, or somebody who has only been invited. */
export interface Leaving {
  readonly memberId: string;
  readonly email: string;
  readonly as: 'member' | 'self' | 'invited';
}

const words: Readonly<Record<Leaving['as'], { title: string; what: string; action: string }>> = {
  member: {
    title: 'Remove this member?',
    what: 'can no longer see or change anything here. Keys that they have made stay valid until you revoke them.',
    action: 'Remove',
  },
  self: {
    title: 'Leave this organization?',
    what: 'can no longer see or change anything here. Somebody else has to invite you to come back.',
    action: 'Leave',
  },
  invited: {
    title: 'Withdraw this invitation?',
    what: 'can no longer join by it. You can invite them again.',
    action: 'Withdraw',
  },
};

/** Asks before somebody loses their place. */
export function RemoveMember({
  organizationId,
  leaving: { memberId, email, as },
  onClose,
}: {
  organizationId: string;
  leaving: Leaving;
  onClose: () => void;
}) {
  const remove = useAct('members.remove');
  const { title, what, action } = words[as];
  return (
    <ConfirmDialog
      title={title}
      action={action}
      isPending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ organizationId, memberId }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {`${email} ${what}`}
    </ConfirmDialog>
  );
}
