import { type Level, levels } from '@latchkey/protocol/permissions';
import { NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import type { Member } from './member-rows.tsx';
import type { Workspace } from './workspace.ts';

const nothing = 'none';

/** Grants a member a level in a workspace, or takes what was granted. */
export function GrantLevel({
  organizationId,
  workspace: { environment, slug, name, grants },
  members,
  onClose,
}: {
  organizationId: string;
  workspace: Workspace;
  members: readonly Member[];
  onClose: () => void;
}) {
  const grant = useAct('workspaces.setLevel');
  const [memberId, setMemberId] = useState(members[0]?.memberId ?? '');
  const [chosen, setChosen] = useState<Level | typeof nothing>();
  const level = chosen ?? grants?.find((each) => each.memberId === memberId)?.level ?? 'developer';
  const email = members.find((each) => each.memberId === grant.data?.memberId)?.email;
  return (
    <Dialog title={`Level in ${name}`} onClose={onClose}>
      <ActForm
        act={grant}
        action="Set level"
        onSubmit={() => {
          const granted = level === nothing ? null : level;
          grant.mutate({ organizationId, environment, slug, memberId, level: granted });
        }}
      >
        <NativeSelect
          label="Member"
          data={members.map((each) => ({ value: each.memberId, label: `${each.email} (${each.role})` }))}
          value={memberId}
          onChange={(event) => {
            setMemberId(event.currentTarget.value);
            setChosen(undefined);
          }}
          data-autofocus
        />
        <NativeSelect
          label="Level"
          data={[...levels, { value: nothing, label: 'Only what their role gives' }]}
          value={level}
          onChange={({ currentTarget: { value } }) =>
            setChosen(levels.find((each) => each === value) ?? nothing)
          }
        />
        <Text size="sm">They have the greater of this and what their role gives them everywhere.</Text>
        <Text role="status" size="sm" fw={600}>
          {grant.data === undefined ? '' : `${email} now has the level ${grant.data.level} in ${name}.`}
        </Text>
      </ActForm>
    </Dialog>
  );
}
