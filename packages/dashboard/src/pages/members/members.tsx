import { Button, Stack } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsked } from '../../api.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Problem } from '../../components/problem.tsx';
import { useRole } from '../../components/use-role.ts';
import { ChangeRole } from './change-role.tsx';
import { InvitationRows } from './invitation-rows.tsx';
import { Invite } from './invite.tsx';
import { type Member, MemberRows } from './member-rows.tsx';
import { type Leaving, RemoveMember } from './remove-member.tsx';
import { useSendsMail } from './use-sends-mail.ts';
import { Workspaces } from './workspaces.tsx';

/** Who belongs to the organization, as what, and where. */
export function Members() {
  const { organizationId } = useParams({ from: '/o/$organizationId/members' });
  const { role: own, isAdmin } = useRole(organizationId);
  const ownEmail = useAsked('sessions.me', {}).data?.email ?? '';
  const { data, error, refetch } = useAsked('members.list', { organizationId });
  const sendsMail = useSendsMail(organizationId, isAdmin);
  const [isInviting, setIsInviting] = useState(false);
  const [changing, setChanging] = useState<Member>();
  const [leaving, setLeaving] = useState<Leaving>();
  const count = data?.members.length ?? 0;
  return (
    <Stack maw={1000}>
      <PageHeader
        title="Members"
        purpose="Who belongs here, what each may do, and the workspaces that they share."
        status={data === undefined ? '' : `${count} ${count === 1 ? 'member' : 'members'}`}
        actions={isAdmin && <Button onClick={() => setIsInviting(true)}>Invite somebody</Button>}
      />
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data !== undefined && own !== undefined && (
        <MemberRows
          members={data.members}
          own={own}
          ownEmail={ownEmail}
          onChangeRole={setChanging}
          onRemove={({ memberId, email }) =>
            setLeaving({ memberId, email, as: email === ownEmail ? 'self' : 'member' })
          }
        />
      )}
      {data !== undefined && data.invitations.length > 0 && (
        <InvitationRows
          organizationId={organizationId}
          invitations={data.invitations}
          sendsMail={sendsMail}
          onWithdraw={({ memberId, email }) => setLeaving({ memberId, email, as: 'invited' })}
        />
      )}
      {data !== undefined && (
        <Workspaces organizationId={organizationId} members={data.members} isAdmin={isAdmin} />
      )}
      {isInviting && own !== undefined && (
        <Invite
          organizationId={organizationId}
          own={own}
          sendsMail={sendsMail}
          onClose={() => setIsInviting(false)}
        />
      )}
      {changing !== undefined && own !== undefined && (
        <ChangeRole
          organizationId={organizationId}
          member={changing}
          own={own}
          onClose={() => setChanging(undefined)}
        />
      )}
      {leaving !== undefined && (
        <RemoveMember
          organizationId={organizationId}
          leaving={leaving}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Stack>
  );
}
