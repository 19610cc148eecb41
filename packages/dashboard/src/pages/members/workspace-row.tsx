import { Button, Text } from '@mantine/core';
import { Row } from '../../components/rows.tsx';
import type { Member } from './member-rows.tsx';
import type { Workspace } from './workspace.ts';

/** Who has been granted what, in words. */
function grantsOf({ grants }: Workspace, members: readonly Member[]): string {
  const known = (grants ?? []).map(({ memberId, level }) => {
    const email = members.find((each) => each.memberId === memberId)?.email ?? 'Somebody';
    return `${email}: ${level}`;
  });
  return known.join(', ');
}

/** A workspace; owners and admins see who is granted a level in it, and grant and delete. */
export function WorkspaceRow({
  workspace,
  members,
  isAdmin,
  onGrant,
  onDelete,
}: {
  workspace: Workspace;
  members: readonly Member[];
  isAdmin: boolean;
  onGrant: () => void;
  onDelete: () => void;
}) {
  const { name, slug, level } = workspace;
  const granted = grantsOf(workspace, members);
  const actions = (
    <>
      <Button size="xs" variant="default" aria-label={`Grant a level in ${slug}`} onClick={onGrant}>
        Grant a level
      </Button>
      <Button size="xs" variant="default" aria-label={`Delete ${slug}`} onClick={onDelete}>
        Delete
      </Button>
    </>
  );
  return (
    <Row actions={isAdmin && actions}>
      <Text fw={600}>{name}</Text>
      <Text size="sm">
        {slug}, your level: {level}
      </Text>
      {granted !== '' && <Text size="sm">Granted here: {granted}</Text>}
    </Row>
  );
}
