import type { Output } from '@latchkey/protocol';
import { isRoleAtLeast, managesKeys, type Role } from '@latchkey/protocol/permissions';
import { Button, Text } from '@mantine/core';
import { Row, Rows } from '../../components/rows.tsx';
import { Time } from '../../components/time.tsx';

export type Member = Output<'members.list'>['members'][number];

/** Who belongs to the organization, and what `own` may do about it. */
export function MemberRows({
  members,
  own,
  ownEmail,
  onChangeRole,
  onRemove,
}: {
  members: readonly Member[];
  own: Role;
  ownEmail: string;
  onChangeRole: (member: Member) => void;
  onRemove: (member: Member) => void;
}) {
  return (
    <Rows label="Members">
      {members.map((member) => {
        const { memberId, email, role, since } = member;
        const isSelf = email === ownEmail;
        const isTheirs = managesKeys(own) && isRoleAtLeast(own, role);
        return (
          <Row
            key={memberId}
            actions={
              <>
                {isTheirs && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={`Change role of ${email}`}
                    onClick={() => onChangeRole(member)}
                  >
                    Change role
                  </Button>
                )}
                {(isTheirs || isSelf) && (
                  <Button
                    size="xs"
                    variant="default"
                    aria-label={isSelf ? 'Leave the organization' : `Remove ${email}`}
                    onClick={() => onRemove(member)}
                  >
                    {isSelf ? 'Leave' : 'Remove'}
                  </Button>
                )}
              </>
            }
          >
            <Text fw={600}>
              {email}
              {isSelf && ' (you)'}
            </Text>
            <Text size="sm">
              {role}, since <Time at={since} />
            </Text>
          </Row>
        );
      })}
    </Rows>
  );
}
