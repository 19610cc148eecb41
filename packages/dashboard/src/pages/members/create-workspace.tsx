import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Problem } from '../../components/problem.tsx';
import type { Workspace } from './workspaces.tsx';

/** A slug that goes with a name. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

/** Makes a workspace in an environment. */
export function CreateWorkspace({
  organizationId,
  environment,
  onClose,
}: {
  organizationId: string;
  environment: Workspace['environment'];
  onClose: () => void;
}) {
  const create = useAct('workspaces.create');
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<string>();
  const slug = typed ?? slugOf(name);
  return (
    <Dialog title={`New workspace in ${environment}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ organizationId, environment, name: name.trim(), slug }, { onSuccess: onClose });
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={100}
            required
            data-autofocus
          />
          <TextInput
            label="Slug"
            description="Names it in commands: small letters, digits and -"
            value={slug}
            onChange={(event) => setTyped(event.currentTarget.value)}
            maxLength={63}
            required
          />
          {create.error !== null && <Problem error={create.error} />}
          <Button type="submit" loading={create.isPending}>
            Create workspace
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
