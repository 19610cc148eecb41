import type { Scope } from '@latchkey/protocol/permissions';
import { Text } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct } from '../../api.ts';
import { ActForm } from '../../components/form/act-form.tsx';
import { NumberField } from '../../components/form/number-field.tsx';
import { TextField } from '../../components/form/text-field.tsx';
import { AddressField, addressesOf } from './address-field.tsx';
import { MakingProblem, type OnMade, outcomeFor } from './lost-secret.tsx';
import { ScopeChoice } from './scope-choice.tsx';

const maxExpiryDays = 365;
const usualExpiryDays = 90;

/** What both families of keys that hold scopes are made from. */
function useWanted() {
  const [name, setName] = useInputState('');
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState(`${usualExpiryDays}`);
  const [addresses, setAddresses] = useState('');
  const allowedAddresses = addressesOf(addresses);
  return {
    ...{ name, setName, scopes, setScopes, days, setDays, addresses, setAddresses },
    wanted: {
      name: name.trim(),
      scopes,
      ...(days.trim() !== '' && { expiresInDays: Number(days) }),
      ...(allowedAddresses !== null && { allowedAddresses }),
    },
  };
}

/** Makes a key of the organization, or of the person where none is given. */
export function CreateScopedKey({
  organizationId,
  offered,
  onMade,
}: {
  organizationId: string | undefined;
  offered: readonly Scope[];
  onMade: OnMade;
}) {
  const ofOrganization = useAct('keys.createForOrganization');
  const personal = useAct('keys.createPersonal');
  const create = organizationId === undefined ? personal : ofOrganization;
  const form = useWanted();
  return (
    <ActForm
      act={create}
      action="Create key"
      isReady={form.scopes.length > 0}
      problem={<MakingProblem error={create.error} />}
      onSubmit={() => {
        if (organizationId === undefined) personal.mutate(form.wanted, outcomeFor(onMade));
        else ofOrganization.mutate({ organizationId, ...form.wanted }, outcomeFor(onMade));
      }}
    >
      <TextField
        label="Name"
        name="name"
        description="What it is for, such as the job or the program that has it"
        value={form.name}
        onChange={form.setName}
        maxLength={100}
        required
        data-autofocus
      />
      <ScopeChoice offered={offered} value={form.scopes} onChange={form.setScopes} />
      <NumberField
        label="Days until it expires"
        name="expiresInDays"
        description="Leave it empty for a key that does not"
        value={form.days}
        onChange={form.setDays}
        min={1}
        max={maxExpiryDays}
      />
      <AddressField value={form.addresses} onChange={form.setAddresses} />
      <Text size="sm">It can do no more than you can yourself.</Text>
    </ActForm>
  );
}
