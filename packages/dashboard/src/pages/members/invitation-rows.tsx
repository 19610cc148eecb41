import type { Output } from '@latchkey/protocol';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useAct } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { Time } from '../../components/time.tsx';

type Invitation = Output<'members.list'>['invitations'][number];

/** Who has been invited and has not come yet. */
export function InvitationRows({
  organizationId,
  invitations,
  onWithdraw,
}: {
  organizationId: string;
  invitations: readonly Invitation[];
  onWithdraw: (invitation: Invitation) => void;
}) {
  const resend = useAct('members.invite');
  return (
    <Stack>
      <Group align="baseline" gap="sm">
        <Title order={2} size="h4">
          Invitations
        </Title>
        <Text role="status" size="sm">
          {resend.isSuccess ? `Mailed to ${resend.data.email} again.` : ''}
        </Text>
      </Group>
      {resend.error !== null && <Problem error={resend.error} />}
      <Rows label="Invitations">
        {invitations.map((invitation) => {
          const { memberId, email, role, invitedBy, invitedAt } = invitation;
          return (
            <Row
              key={memberId}
              actions={
                <>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Resend the invitation to ${email}`}
                    onClick={() => resend.mutate({ organizationId, email, role })}
                  >
                    Resend
                  </Button>
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Withdraw the invitation of ${email}`}
                    onClick={() => onWithdraw(invitation)}
                  >
                    Withdraw
                  </Button>
                </>
              }
            >
              <Text fw={600}>{email}</Text>
              <Text size="sm">
                {role}, invited {invitedBy === null ? '' : `by ${invitedBy} `}
                <Time at={invitedAt} />
              </Text>
            </Row>
          );
        })}
      </Rows>
    </Stack>
  );
}
