import type { Output } from '@latchkey/protocol';
import type { Level } from '@latchkey/protocol/permissions';
import { NativeSelect } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useState } from 'react';
import { useAct, useAsked } from '../../api.ts';
import { environments } from '../../components/environments.ts';
import { ActForm } from '../../components/form/act-form.tsx';
import { TextField } from '../../components/form/text-field.tsx';
import { AddressField, addressesOf } from './address-field.tsx';
import { LevelChoice } from './level-choice.tsx';
import { MakingProblem, type OnMade, outcomeFor } from './lost-secret.tsx';

type Workspace = Output<'workspaces.list'>['workspaces'][number];

function workspaceChoices(workspaces: readonly Workspace[]) {
  const named = workspaces.map(({ slug, name }) => ({ value: slug, label: `${name} (${slug})` }));
  return [{ value: '', label: 'All of the environment' }, ...named];
}

/** Makes a key for one environment, or for one workspace of it. */
export function CreateEnvironmentKey({
  organizationId,
  greatest,
  onMade,
}: {
  organizationId: string;
  /** The level that the person has without a workspace. */
  greatest: Level;
  onMade: OnMade;
}) {
  const create = useAct('environmentKeys.create');
  const [name, setName] = useInputState('');
  const [environment, setEnvironment] = useInputState<(typeof environments)[number]['value']>('dev');
  const [slug, setSlug] = useInputState('');
  const [level, setLevel] = useState<Level>('runner');
  const [addresses, setAddresses] = useState('');
  const workspaces = useAsked('workspaces.list', { organizationId, environment }).data?.workspaces ?? [];
  const workspace = workspaces.find((each) => each.slug === slug);
  const allowedAddresses = addressesOf(addresses);
  const place = { organizationId, environment, ...(workspace && { workspace: workspace.slug }) };
  return (
    <ActForm
      act={create}
      action="Create key"
      problem={<MakingProblem error={create.error} />}
      onSubmit={() => {
        const wanted = { ...place, name: name.trim(), level };
        create.mutate(
          { ...wanted, ...(allowedAddresses !== null && { allowedAddresses }) },
          outcomeFor(onMade),
        );
      }}
    >
      <TextField
        label="Name"
        name="name"
        description="What it is for, such as the job or the program that has it"
        value={name}
        onChange={setName}
        maxLength={100}
        required
        data-autofocus
      />
      <NativeSelect label="Environment" data={environments} value={environment} onChange={setEnvironment} />
      <NativeSelect label="Workspace" data={workspaceChoices(workspaces)} value={slug} onChange={setSlug} />
      <LevelChoice greatest={workspace?.level ?? greatest} value={level} onChange={setLevel} />
      <AddressField value={addresses} onChange={setAddresses} />
    </ActForm>
  );
}
