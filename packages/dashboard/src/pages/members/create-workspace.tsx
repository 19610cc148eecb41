import { useInputState } from '@mantine/hooks';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { slugShape } from '../../components/form/field-rules.ts';
import { TextField } from '../../components/form/text-field.tsx';
import type { Workspace } from './workspace.ts';

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
  const [name, setName] = useInputState('');
  const [typed, setTyped] = useInputState<string | undefined>(undefined);
  const slug = typed ?? slugOf(name);
  return (
    <Dialog title={`New workspace in ${environment}`} onClose={onClose}>
      <ActForm
        act={create}
        action="Create workspace"
        onSubmit={() =>
          create.mutate({ organizationId, environment, name: name.trim(), slug }, { onSuccess: onClose })
        }
      >
        <TextField
          label="Name"
          name="name"
          value={name}
          onChange={setName}
          maxLength={100}
          required
          data-autofocus
        />
        <TextField
          label="Slug"
          name="slug"
          description="Names it in commands: small letters, digits and -"
          value={slug}
          onChange={setTyped}
          maxLength={63}
          shape={slugShape}
          required
        />
      </ActForm>
    </Dialog>
  );
}
