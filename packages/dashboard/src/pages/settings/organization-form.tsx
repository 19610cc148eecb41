import type { Request as Asked, Output } from '@latchkey/protocol';
import { NativeSelect, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useInputState } from '@mantine/hooks';
import { useAct } from '../../api.ts';
import { ActForm } from '../../components/act-form.tsx';

type Size = NonNullable<Asked<'organizations.update'>['size']>;

const nameLength = { min: 2, max: 100 };
const sizes = [
  { value: '', label: 'Not said' },
  { value: 'solo', label: 'Just me' },
  ...['2-10', '11-50', '51-200', '201-1000', '1000+'].map((value) => ({ value, label: `${value} people` })),
];

/** Name, description and size of an organization. */
export function OrganizationForm({
  organization,
  isReadOnly,
}: {
  organization: Output<'organizations.get'>;
  isReadOnly: boolean;
}) {
  const { organizationId } = organization;
  const update = useAct('organizations.update');
  const [name, setName] = useInputState(organization.name);
  const [description, setDescription] = useInputState(organization.description);
  const [size, setSize] = useInputState<string>(organization.size ?? '');
  return (
    <ActForm
      act={update}
      action={isReadOnly ? undefined : 'Save'}
      isReady={name.trim().length >= nameLength.min}
      beside={
        <Text role="status" size="sm">
          {update.isSuccess ? 'Saved.' : ''}
        </Text>
      }
      onSubmit={() => {
        // The choices are those that the server knows.
        const chosen = size === '' ? null : (size as Size);
        update.mutate({ organizationId, name: name.trim(), description, size: chosen });
      }}
    >
      <Title order={2} size="h4">
        Organization
      </Title>
      <TextInput
        label="Name"
        value={name}
        onChange={setName}
        minLength={nameLength.min}
        maxLength={nameLength.max}
        readOnly={isReadOnly}
        required
      />
      <Textarea
        label="Description"
        description="What it does; your team sees it"
        value={description}
        onChange={setDescription}
        maxLength={500}
        readOnly={isReadOnly}
        rows={3}
      />
      <NativeSelect label="Size" data={sizes} value={size} onChange={setSize} disabled={isReadOnly} />
    </ActForm>
  );
}
