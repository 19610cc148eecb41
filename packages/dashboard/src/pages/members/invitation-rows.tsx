import type { Output } from '@latchkey/protocol';
import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useAct } from '../../api.ts';
import { Problem } from '../../components/problem.tsx';
import { Row, Rows } from '../../components/rows.tsx';
import { Time } from '../../components/time.tsx';
import { mailboxOf } from './use-sends-mail.ts';

type Invitation = Output<'members.list'>['invitations'][number];

/** Who has been invited and has not come yet. */
export function InvitationRows({
  organizationId,
  invitations,
  sendsMail,
  onWithdraw,
}: {
  organizationId: string;
  sendsMail: boolean;
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
          {resend.isSuccess && `${sendsMail ? 'Mailed' : 'Written'} to ${resend.data.email} again.`}
        </Text>
      </Group>
      {!sendsMail && (
        <Text size="sm">
          This server sends no mail yet (LATCHKEY_SMTP_URL): each invitation is kept in its mailbox, which
          opens on the machine that it runs on.
        </Text>
      )}
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
              {!sendsMail && (
                <Anchor size="sm" href={mailboxOf(email)} target="_blank" rel="noopener">
                  Mailbox of {email}
                </Anchor>
              )}
            </Row>
          );
        })}
      </Rows>
    </Stack>
  );
}
