import { isScope, organizationScopes, type Scope } from '@latchkey/protocol/permissions';
import { Button } from '@mantine/core';
import { useAct } from '../../api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ActForm } from '../../components/form/act-form.tsx';
import { fieldsOf } from '../../components/form/fields-of.ts';
import { LongTextField, TextField } from '../../components/form/text-field.tsx';
import { useDraft } from '../../components/form/use-draft.ts';
import { AddressField, addressesOf } from './address-field.tsx';
import type { InventoryKey } from './key-state.tsx';
import { ScopeChoice } from './scope-choice.tsx';
import { useGrants } from './use-grants.ts';

/** What the person can give, and what the key has, in table order. */
function useOffered(organizationId: string, item: InventoryKey): readonly Scope[] {
  const grants = useGrants(organizationId);
  const held = (item.scopes ?? []).filter(isScope);
  const given = item.family === 'personal' ? grants?.personal : grants?.organization;
  const offered = new Set([...(given ?? []), ...held]);
  return [...organizationScopes, ...held].filter(
    (scope, at, all) => offered.has(scope) && all.indexOf(scope) === at,
  );
}

function Form({
  organizationId,
  item,
  onClose,
}: {
  organizationId: string;
  item: InventoryKey;
  onClose: () => void;
}) {
  const update = useAct('keys.update');
  const offered = useOffered(organizationId, item);
  const { keyId, name, description } = item;
  const addresses = item.allowedAddresses?.join('\n') ?? '';
  const draft = useDraft({ name, description, scopes: item.scopes ?? [], addresses });
  const { whole, change } = draft;
  const field = fieldsOf({ name: whole.name, description: whole.description }, change);
  function save(): void {
    const { addresses: typed, ...wanted } = draft.changed;
    const bound = typed === undefined ? {} : { allowedAddresses: addressesOf(typed) };
    update.mutate({ keyId, ...wanted, ...bound }, { onSuccess: onClose });
  }
  return (
    <ActForm
      act={update}
      action="Save"
      isChanged={draft.isChanged}
      isReady={draft.isChanged && whole.scopes.length > 0}
      beside={
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      }
      onSubmit={save}
    >
      <TextField label="Name" maxLength={100} required data-autofocus {...field('name')} />
      <LongTextField label="Description" maxLength={500} autosize {...field('description')} />
      <ScopeChoice offered={offered} value={whole.scopes} onChange={(scopes) => change({ scopes })} />
      <AddressField value={whole.addresses} onChange={(typed) => change({ addresses: typed })} />
    </ActForm>
  );
}

/** Changes name, scopes and restrictions of a key; in force for its next request. */
export function ChangeKey(props: { organizationId: string; item: InventoryKey; onClose: () => void }) {
  return (
    <Dialog title={`Change ${props.item.name}`} closeOnClickOutside={false} onClose={props.onClose}>
      <Form {...props} />
    </Dialog>
  );
}
