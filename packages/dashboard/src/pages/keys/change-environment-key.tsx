import { isAtLeast, type Level, levels } from '@latchkey/protocol/permissions';
import { Button } from '@mantine/core';
import { useAct, useAsked } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { fieldsOf } from '../../components/form/fields-of.ts';
import { LongTextField, TextField } from '../../components/form/text-field.tsx';
import { useDraft } from '../../components/form/use-draft.ts';
import type { InventoryKey } from './key-state.tsx';
import { LevelChoice } from './level-choice.tsx';
import { useGrants } from './use-grants.ts';

type Environment = NonNullable<InventoryKey['environment']>;

/** The greatest level that the person can give where the key acts, or the key's own where that is greater. */
function useGreatest(organizationId: string, environment: Environment, item: InventoryKey): Level {
  const grants = useGrants(organizationId);
  const place = { organizationId, environment };
  const { data } = useAsked('workspaces.list', place, { enabled: item.workspace !== null });
  const workspace = data?.workspaces.find(({ slug }) => slug === item.workspace);
  const given = [item.level, ...(grants?.levels ?? []), workspace?.level];
  return levels.findLast((each) => given.some((level) => level && isAtLeast(level, each))) ?? 'read-only';
}

function Form({
  organizationId,
  environment,
  item,
  onClose,
}: {
  organizationId: string;
  environment: Environment;
  item: InventoryKey;
  onClose: () => void;
}) {
  const update = useAct('environmentKeys.update');
  const { name, description, shown: key } = item;
  const greatest = useGreatest(organizationId, environment, item);
  const draft = useDraft({ name, description, level: item.level ?? 'read-only' });
  const { whole, change } = draft;
  const field = fieldsOf({ name: whole.name, description: whole.description }, change);
  return (
    <ActForm
      act={update}
      action="Save"
      isChanged={draft.isChanged}
      isReady={draft.isChanged}
      beside={
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      }
      onSubmit={() =>
        update.mutate({ organizationId, environment, key, ...draft.changed }, { onSuccess: onClose })
      }
    >
      <TextField label="Name" maxLength={100} required data-autofocus {...field('name')} />
      <LongTextField label="Description" maxLength={500} autosize {...field('description')} />
      <LevelChoice greatest={greatest} value={whole.level} onChange={(level) => change({ level })} />
    </ActForm>
  );
}

/** Changes name, description and level of an environment key; in force for its next request. */
export function ChangeEnvironmentKey({
  item,
  ...props
}: {
  organizationId: string;
  item: InventoryKey;
  onClose: () => void;
}) {
  const { environment } = item;
  return (
    <Dialog title={`Change ${item.name}`} closeOnClickOutside={false} onClose={props.onClose}>
      {environment !== null && <Form environment={environment} item={item} {...props} />}
    </Dialog>
  );
}
