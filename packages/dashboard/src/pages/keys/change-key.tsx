import { isScope, organizationScopes, type Scope } from '@latchkey/protocol/permissions';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ActForm } from '../../components/act-form.tsx';
import { Dialog } from '../../components/dialog.tsx';
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
  const [name, setName] = useInputState(item.name);
  const [description, setDescription] = useInputState(item.description);
  const [scopes, setScopes] = useState<string[]>(item.scopes ?? []);
  const before = item.allowedAddresses?.join('\n') ?? '';
  const [addresses, setAddresses] = useState(before);
  const wanted = {
    keyId: item.keyId,
    name: name.trim(),
    description,
    scopes,
    ...(addresses !== before && { allowedAddresses: addressesOf(addresses) }),
  };
  return (
    <ActForm
      act={update}
      action="Save"
      isReady={name.trim() !== '' && scopes.length > 0}
      beside={
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      }
      onSubmit={() => update.mutate(wanted, { onSuccess: onClose })}
    >
      <TextInput label="Name" value={name} onChange={setName} maxLength={100} required data-autofocus />
      <Textarea label="Description" value={description} onChange={setDescription} maxLength={500} autosize />
      <ScopeChoice offered={offered} value={scopes} onChange={setScopes} />
      <AddressField value={addresses} onChange={setAddresses} />
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
