import { Button, Group, NativeSelect, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useAsked } from '../../api.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Problem } from '../../components/problem.tsx';
import { Rows } from '../../components/rows.tsx';
import { CreateWorkspace } from './create-workspace.tsx';
import { DeleteWorkspace } from './delete-workspace.tsx';
import { GrantLevel } from './grant-level.tsx';
import type { Member } from './member-rows.tsx';
import type { Workspace } from './workspace.ts';
import { WorkspaceRow } from './workspace-row.tsx';

const environments = ['dev', 'sandbox', 'prod'] as const;

/** The workspaces of one environment, with the level that the person has in each. */
export function Workspaces({
  organizationId,
  members,
  isAdmin,
}: {
  organizationId: string;
  members: readonly Member[];
  isAdmin: boolean;
}) {
  const [environment, setEnvironment] = useState<Workspace['environment']>('dev');
  const [isCreating, setIsCreating] = useState(false);
  const [granting, setGranting] = useState<Workspace>();
  const [deleting, setDeleting] = useState<Workspace>();
  const { data, error, refetch } = useAsked('workspaces.list', { organizationId, environment });
  const create = isAdmin && <Button onClick={() => setIsCreating(true)}>New workspace</Button>;
  return (
    <Stack>
      <Group justify="space-between" align="end">
        <Title order={2} size="h4">
          Workspaces
        </Title>
        <NativeSelect
          label="Environment"
          data={environments}
          value={environment}
          onChange={({ currentTarget: { value } }) =>
            setEnvironment(environments.find((each) => each === value) ?? environment)
          }
        />
      </Group>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data?.workspaces.length === 0 && (
        <EmptyState title={`No workspaces in ${environment} yet`} action={create}>
          A workspace is a part of an environment with keys of its own. A key that is restricted to it works
          nowhere else, and people can have a greater level there than their role gives them.
        </EmptyState>
      )}
      {data !== undefined && data.workspaces.length > 0 && (
        <>
          <Rows label="Workspaces">
            {data.workspaces.map((workspace) => (
              <WorkspaceRow
                key={workspace.workspaceId}
                workspace={workspace}
                members={members}
                isAdmin={isAdmin}
                onGrant={() => setGranting(workspace)}
                onDelete={() => setDeleting(workspace)}
              />
            ))}
          </Rows>
          <Group>{create}</Group>
        </>
      )}
      {isCreating && (
        <CreateWorkspace
          organizationId={organizationId}
          environment={environment}
          onClose={() => setIsCreating(false)}
        />
      )}
      {granting !== undefined && (
        <GrantLevel
          organizationId={organizationId}
          workspace={granting}
          members={members}
          onClose={() => setGranting(undefined)}
        />
      )}
      {deleting !== undefined && (
        <DeleteWorkspace
          organizationId={organizationId}
          workspace={deleting}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </Stack>
  );
}
